import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFile } from '../format/open-file.ts';
import { writeCapture } from '../format/write-capture.ts';
import { writeLine } from '../format/write-line.ts';
import { readLines } from '../format/read-lines.ts';
import type { Header, RawMessage } from '../model/message.ts';
import type { SourceItem } from '../model/source.ts';
import { openTraceStore } from '../store/open.ts';
import { createRecorder } from './recorder.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let stores = 0;

/** What a capture gives back of what was recorded. */
async function throughCapture(items: readonly SourceItem[]): Promise<SourceItem[]> {
  const at = join(dir, String(stores++));
  const store = await openTraceStore({ dir: at });
  try {
    const recorder = await createRecorder({ store, onError: () => undefined });
    await recorder.record('c1', items);
    await recorder.flush();
    await recorder.close();
    await writeCapture(store, `${at}.hwcap`);
  } finally {
    await store.close();
  }
  return all(openFile(`${at}.hwcap`));
}

async function all(batches: AsyncIterable<readonly SourceItem[]>): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

function lines(items: readonly SourceItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'message' || item.kind === 'delivery' ? [writeLine(item)] : [],
  );
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 12 }).map((given) => new Uint8Array([0xff, ...given]));
const header: fc.Arbitrary<Header> = fc.tuple(text, fc.oneof(text, bytes));
const body = fc.oneof(
  fc.json(),
  text,
  bytes,
  fc.constant(null),
  fc.json().map((json) => new Uint8Array(gzipSync(json))),
  // Bad gzip: it stays as it is, with a problem.
  fc.constant(new Uint8Array([0x1f, 0x8b, 0x08, 0, 255])),
);
const message = fc
  .record(
    { body, key: fc.oneof(text, bytes), headers: fc.array(header, { maxLength: 3 }), routingKey: text },
    { requiredKeys: ['body', 'headers'] },
  )
  .map((more): Omit<RawMessage, 'id'> => ({
    kind: 'message',
    channel: { system: 'rabbitmq', cluster: 'c', name: 'orders', kind: 'exchange' },
    time: 1_772_000_000_000,
    clock: 'observer',
    observedAt: 1_772_000_000_001,
    properties: { content_encoding: 'gzip' },
    notes: { node: 'a' },
    ...more,
  }));

test('events come out of a capture as they were recorded, and so out of the capture of a capture, and of lines', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 40 }), async (given) => {
      const items: SourceItem[] = given.flatMap((more, n): SourceItem[] => [
        { ...more, id: `m${n}` },
        {
          kind: 'delivery',
          subject: { event: `m${n}` },
          consumer: 'q',
          status: 'delivered',
          evidence: 'firehose',
          time: 1,
          count: n,
        },
      ]);
      const once = lines(await throughCapture(items));
      expect(once).toHaveLength(items.length);
      expect(lines(await throughCapture(await throughCapture(items)))).toEqual(once);
      const chunk = async function* () {
        yield Buffer.from(once.join('\n'));
      };
      const read = await all(readLines(chunk(), { name: 'lines' }));
      expect(lines(await throughCapture(read))).toEqual(once);
    }),
    { numRuns: 3 },
  );
}, 60_000);
