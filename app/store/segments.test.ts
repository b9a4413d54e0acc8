import fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event } from '../model/event.ts';
import { hashText } from '../base/hash.ts';
import { openTraceStore } from './open.ts';
import {
  allEvents,
  allHashes,
  batchOf,
  key,
  makeEvent,
  orders,
  range,
  temporaryFolder,
  traceOf,
} from './test-support/make.ts';
import type { TraceStore } from './trace-store.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function fill(store: TraceStore, from: number, to: number, size = 10): Promise<void> {
  for (let first = from; first <= to; first += 10) {
    const seqs = range(first, Math.min(first + 9, to));
    const text = `{"pad":"${'x'.repeat(size)}"}`;
    const events = seqs.map((seq) =>
      makeEvent(seq, { payload: { format: 'json', text, size: text.length } }),
    );
    const next = String(first + 10);
    await store.append(
      batchOf(events, { checkpoints: [{ kind: 'checkpoint', channel: orders, partition: 0, next }] }),
    );
    await store.applyTraces({
      upserted: seqs.map((seq) => traceOf([seq])),
      removed: [],
      watermark: seqs.at(-1)!,
    });
  }
}

test('answers over many segments as over one, while they are sealed and after', async () => {
  let store = await openTraceStore({ dir: folder.dir, segmentEvents: 20 });
  await fill(store, 1, 95);
  for (let round = 0; round < 2; round++) {
    expect(await store.state()).toMatchObject({ events: 95, nextSeq: 96, segments: 5, warnings: [] });
    expect((await allEvents(store, 7)).map(({ seq }) => seq)).toEqual(range(1, 95));
    expect((await store.factsAfter(15, 40)).map(({ seq }) => seq)).toEqual(range(16, 55));
    for (const seq of [1, 20, 21, 60, 95]) {
      expect((await store.event(makeEvent(seq).id))?.event.seq).toBe(seq);
    }
    const hashes = await allHashes(store, 9);
    for (const seq of range(1, 95)) expect(hashes).toContain(hashText(makeEvent(seq).id));
    const pages = await store.listTraces({ keys: [{ value: 'o7' }], now: 0 }, 10, 0);
    expect(pages.rows.map(({ id }) => id)).toEqual(['tn', 'tm', 'tl']);
    expect(await store.checkpoints('c1')).toMatchObject([{ next: '101' }]);
    const again = await store.append(batchOf([makeEvent(5, { seq: 200 })], { mayRepeat: true }));
    expect(again.repeated).toEqual([200]);
    await store.close();
    store = await openTraceStore({ dir: folder.dir, segmentEvents: 20 });
  }
  await store.close();
});

test('batches of several connections may come with their numbers out of step', async () => {
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 4 });
  const seqs = [1, 3, 5, 7, 2, 4, 6, 9, 11, 8, 10];
  for (const seq of seqs) await store.append(batchOf([makeEvent(seq)]));
  expect((await store.factsAfter(0, 100)).map(({ seq }) => seq)).toEqual(range(1, 11));
  expect((await store.factsAfter(3, 3)).map(({ seq }) => seq)).toEqual([4, 5, 6]);
  expect((await store.state()).nextSeq).toBe(12);
  await store.close();
});

test('drops the oldest segments beyond its size cap, says so, and keeps the rest', async () => {
  const sizeCapBytes = 12_000_000;
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 100, sizeCapBytes });
  await fill(store, 1, 1_000, 20_000);
  const { bytes, warnings, events, nextSeq } = await store.state();
  expect(bytes).toBeLessThan(sizeCapBytes * 1.5);
  expect(warnings.join()).toMatch(/removed to keep the store within its size cap/);
  expect(nextSeq).toBe(1_001);
  expect(events).toBeLessThan(1_000);
  const first = 1_001 - events;
  expect(first % 100).toBe(1);
  expect((await allEvents(store)).map(({ seq }) => seq)).toEqual(range(first, 1_000));
  expect(await store.event(makeEvent(1).id)).toBeUndefined();
  expect((await store.listTraces({ now: 0 }, 1, 0)).total).toBe(events);
  expect(await store.trace('t1')).toBeUndefined();
  expect(await store.coverage()).toEqual([
    {
      connection: 'c1',
      coverage: expect.objectContaining({
        channel: orders,
        partition: 0,
        state: 'dropped',
        toOffset: String(first),
        count: first - 1,
      }) as unknown,
    },
  ]);
  await store.close();
  const files = await readdir(folder.dir);
  expect(files.filter((name) => name.endsWith('.payloads'))).toHaveLength(
    files.filter((n) => /^events.*duckdb$/.test(n)).length,
  );
});

test('reads go on while segments are sealed and dropped', async () => {
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 50, sizeCapBytes: 8_000_000 });
  let writing = true;
  let answered = 0;
  const reading = (async () => {
    while (writing) {
      const { rows } = await store.listTraces({ now: 0, channels: ['orders'] }, 3, 0);
      for (const { id } of rows) await store.trace(id);
      await store.factsAfter(0, 50);
      await store.event(makeEvent((await store.state()).nextSeq - 1).id);
      answered++;
    }
  })();
  await fill(store, 1, 700, 20_000);
  await vi.waitFor(() => expect(answered).toBeGreaterThan(2));
  writing = false;
  await reading;
  await store.close();
});

const text = fc.string({ unit: 'binary', maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 12 });
const anyEvent = fc.record(
  {
    id: fc.oneof(text, fc.constantFrom('a', 'b', 'c', 'd', '__proto__')),
    key: fc.oneof(text, bytes),
    routingKey: text,
    position: fc.record({ partition: fc.nat(9), offset: fc.bigInt(0n, 2n ** 63n).map(String) }),
    time: fc.double({ noNaN: true, noDefaultInfinity: true }),
    headers: fc.array(fc.tuple(text, fc.oneof(text, bytes)), { maxLength: 3 }),
    properties: fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<never>, { maxKeys: 2 }),
    payload: fc.oneof(
      fc.record({ format: fc.constant('text' as const), text, size: fc.nat() }),
      fc.record({ format: fc.constant('binary' as const), bytes, size: fc.nat() }),
      fc.constant({ format: 'tombstone' as const, size: 0 }),
    ),
    facts: fc.record({
      ids: fc.array(text, { maxLength: 2 }),
      causes: fc.constant([]),
      keys: fc.array(
        fc.tuple(text, text).map(([name, value]) => key(name, value)),
        { maxLength: 3 },
      ),
    }),
  },
  { requiredKeys: ['id', 'time', 'headers', 'payload', 'facts'] },
);

test('holds what a plain list would hold, whatever comes in batches, closes and opens between', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.array(anyEvent, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const own = await temporaryFolder();
      let store = await openTraceStore({ dir: own.dir, segmentEvents: 7 });
      const model = new Map<string, Event>();
      let seq = 1;
      for (const now of steps) {
        if (now === 'reopen') {
          await store.close();
          store = await openTraceStore({ dir: own.dir, segmentEvents: 7 });
          continue;
        }
        const events = now.map((parts) => makeEvent(seq++, { position: undefined, ...plain(parts) }));
        const repeated: number[] = [];
        for (const event of events) {
          if (model.has(event.id)) repeated.push(event.seq);
          else model.set(event.id, event);
        }
        expect(await store.append(batchOf(events, { mayRepeat: true }))).toEqual({ repeated });
      }
      expect(await allEvents(store, 5)).toEqual([...model.values()]);
      const hashes = await allHashes(store, 3);
      for (const event of model.values()) {
        expect((await store.event(event.id))?.event).toEqual(event);
        for (const { value } of event.facts.keys) expect(hashes).toContain(hashText(value));
      }
      await store.close();
      await own.remove();
    }),
    { numRuns: 12 },
  );
});

/** As JSON has it: -0 is 0, and objects have the prototype of a literal. */
function plain<T extends { properties?: object; time: number }>(parts: T): T {
  const { properties, time } = parts;
  return {
    ...parts,
    time: time + 0,
    ...(properties && { properties: JSON.parse(JSON.stringify(properties)) as object }),
  };
}
