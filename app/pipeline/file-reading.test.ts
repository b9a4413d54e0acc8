import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import type { Channel, RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import type { TraceSummary } from '../model/trace.ts';
import { createFileReading, type EventFile } from './file-reading.ts';
import type { Recorder } from './recorder.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const message = { kind: 'message', channel, time: 1, clock: 'broker', observedAt: 1, headers: [] } as const;

/** Reads these items where the store keeps so many of the messages. */
async function read(items: readonly SourceItem[], stored: number) {
  const recorder = { record: () => Promise.resolve(), flush: () => Promise.resolve() };
  const activity = () => {
    const id = files.list()[0]?.id ?? '';
    const { system, cluster, name, kind } = channel;
    const seen = { system, cluster, channel: name, kind, first: 0, last: 0 };
    return Promise.resolve([
      { ...seen, connection: id, events: stored },
      { ...seen, connection: 'another', events: 9 },
    ]);
  };
  const files = createFileReading(
    () =>
      Promise.resolve({
        async *read() {
          yield items;
        },
        close: () => Promise.resolve(),
      }),
    recorder as unknown as Recorder,
    { activity },
    () => undefined,
  );
  files.add('shop.ndjson', '/tmp/shop.ndjson');
  return vi.waitUntil(() => files.list().find(({ phase }) => phase === 'done'));
}

test('counts what is stored: a line that comes twice is one event', async () => {
  const view = await read(
    Array.from({ length: 5 }, (): RawMessage => ({ ...message, body: '{}' })),
    4,
  );
  expect(view.events).toBe(4);
  expect(view.progress).toMatchObject({ read: 5 });
  expect(view.active).toMatchObject([{ channel: { name: 'orders' }, events: 4 }]);
});

test('an alert of a file is of when it was read', async () => {
  const began = Date.now();
  const bad = { kind: 'alert', severity: 'warning', message: 'line 3: not JSON; skipped', time: 0 } as const;
  const view = await read([{ ...message, body: '{}' }, bad], 1);
  expect(view.alerts).toMatchObject([{ message: bad.message }]);
  expect(view.alerts[0]?.time).toBeGreaterThanOrEqual(began);
});

/** Reads a file that behaves like this. */
function readingOf(file: Partial<EventFile>) {
  const recorder = { record: () => Promise.resolve(), flush: () => Promise.resolve() };
  const whole: EventFile = {
    async *read() {
      yield [];
    },
    close: () => Promise.resolve(),
    ...file,
  };
  return createFileReading(
    () => Promise.resolve(whole),
    recorder as unknown as Recorder,
    { activity: () => Promise.resolve([]) },
    () => undefined,
  );
}

test('what goes wrong is told under the name that the user gave', async () => {
  const path = '/data/uploads/1795510000-shop.ndjson';
  const alert = `${path}, line 3: not JSON; skipped`;
  const files = readingOf({
    async *read() {
      yield [{ kind: 'alert', severity: 'warning', message: alert, time: 0 }];
    },
  });
  const problem = await files.ended(files.add('shop.ndjson', path));
  expect(problem?.message).toBe('shop.ndjson holds nothing that can be read.');
  expect(files.list()[0]?.alerts).toMatchObject([{ message: 'shop.ndjson, line 3: not JSON; skipped' }]);
});

test('a file without any line says that it is empty', async () => {
  const files = readingOf({});
  expect(await files.ended(files.add('shop.ndjson', '/tmp/shop.ndjson'))).toMatchObject({
    message: 'shop.ndjson is empty.',
  });
  expect(files.list()[0]?.phase).toBe('failed');
});

test('a copy is removed once it was read, the user’s own file never', async () => {
  const dir = makeTemporaryDir(join(tmpdir(), 'headwater-files-test-'));
  for (const name of ['own', 'copy']) {
    const path = join(dir, name);
    await writeFile(path, '');
    const files = readingOf({});
    await files.ended(files.add(name, path, name === 'copy'));
  }
  await vi.waitUntil(() => !existsSync(join(dir, 'copy')));
  expect(existsSync(join(dir, 'own'))).toBe(true);
  await removeTemporaryDir(dir);
});

test('what a capture says of its traces is known while it is read', async () => {
  const trace = { id: 't1', keys: [], start: 0, end: 1, events: 2, hops: 1, systems: [], failed: false };
  let go = (): void => undefined;
  const files = readingOf({
    summary: { created: 0, events: 2, deliveries: 0, traces: 1, masked: false },
    traces: [trace satisfies TraceSummary],
    async *read() {
      await new Promise<void>((resolve) => (go = resolve));
      yield [{ ...message, body: '{}' }];
    },
  });
  const id = files.add('shop.hwcap', '/tmp/shop.hwcap');
  await vi.waitUntil(() => files.list()[0]?.capture !== undefined);
  expect(files.announced(id)).toEqual([trace]);
  go();
  expect(await files.ended(id)).toBeUndefined();
  expect(files.announced(id)).toEqual([]);
});
