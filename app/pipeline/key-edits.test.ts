import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from '../format/open-file.ts';
import { writeCapture } from '../format/write-capture.ts';
import { openTraceStore } from '../store/open.ts';
import { createRecorder, type Recorder } from './recorder.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

type Store = Awaited<ReturnType<typeof openTraceStore>>;

/** Runs with the store of that name open, and a recorder on it. */
async function running(
  name: string,
  run: (recorder: Recorder, store: Store) => Promise<void>,
): Promise<void> {
  const store = await openTraceStore({ dir: join(dir, name) });
  try {
    const recorder = await createRecorder({ store, onError: () => undefined });
    await run(recorder, store);
    await recorder.close();
  } finally {
    await store.close();
  }
}

async function read(recorder: Recorder, path: string): Promise<void> {
  for await (const items of openFile(path)) await recorder.record('file', items);
  await recorder.flush();
}

const traces = async (store: Store) => (await store.listTraces({ now: Date.now() }, 100, 0)).total;

/** Orders under a name of the shop's, which its mails call by another. */
async function messages(from: number, to: number): Promise<string> {
  const path = join(dir, `messages-${from}.ndjson`);
  const lines: string[] = [];
  for (let n = from; n < to; n++) {
    const time = new Date(1_780_000_000_000 + n * 1_000).toISOString();
    const line = (channel: string, payload: object) =>
      lines.push(
        JSON.stringify({
          kind: 'message',
          system: 'kafka',
          cluster: 'c',
          channel,
          partition: 0,
          offset: String(n),
          time,
          payload,
        }),
      );
    line('intake', { what: 'Taken', po: `PO-2${1000 + n}`, shop: { branch: 'B-1' } });
    line('mail', { what: 'Sent', context: { basis: { for: `PO-2${1000 + n}` } } });
  }
  await writeFile(path, lines.join('\n'));
  return path;
}

test('odd names tie; what the reader rejects parts at once, also after a restart and out of a capture', async () => {
  const first = await messages(0, 10);
  const next = await messages(10, 20);
  await running('store', async (recorder, store) => {
    await read(recorder, first);
    expect(await traces(store)).toBe(10);
    expect(
      recorder
        .keys()[0]
        ?.names.map(({ name }) => name)
        .sort(),
    ).toEqual(['for', 'po']);
    await recorder.editKeys([{ kind: 'key-edit', name: 'for', action: 'reject', at: 1 }]);
    expect(await traces(store)).toBe(20);
  });
  await running('store', async (recorder, store) => {
    await read(recorder, next);
    expect(await traces(store)).toBe(40);
    await writeCapture(store, join(dir, 'all.hwcap'));
  });
  await running('other', async (recorder, store) => {
    await read(recorder, join(dir, 'all.hwcap'));
    expect(await traces(store)).toBe(40);
    await recorder.editKeys([{ kind: 'key-edit', name: 'for', action: 'undo', at: 2 }]);
    expect(await traces(store)).toBe(20);
  });
});

test('what was learned of fields before is known after a restart', async () => {
  const first = await messages(0, 10);
  const next = await messages(10, 11);
  await running('store', (recorder) => read(recorder, first));
  await running('store', async (recorder, store) => {
    await read(recorder, next);
    expect(await traces(store)).toBe(11);
  });
});
