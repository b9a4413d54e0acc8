import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event } from '../model/event.ts';
import type { Channel } from '../model/message.ts';
import { openTraceStore } from './open.ts';
import { batchOf, key, makeEvent, orders, range, temporaryFolder, traceOf } from './test-support/make.ts';
import type { EventFilter, EventRange, TraceStore } from './trace-store.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: TraceStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openTraceStore({ dir: folder.dir, segmentEvents: 6 });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const payments: Channel = { system: 'rabbitmq', cluster: 'default', name: 'payments', kind: 'exchange' };
const everything: EventFilter = { now: 0 };
const seqsOf = async (filter: EventFilter, page: EventRange) =>
  (await store.listEvents(filter, page)).rows.map(({ seq }) => seq);

test('pages backwards from the newest, and forwards from where a follower is', async () => {
  for (const seq of range(1, 20)) await store.append(batchOf([makeEvent(seq)]));
  const first = await store.listEvents(everything, { limit: 3 });
  expect(first).toMatchObject({ newest: 20, more: true });
  expect(first.rows.map(({ seq }) => seq)).toEqual([20, 19, 18]);
  expect(await seqsOf(everything, { limit: 4, before: 18 })).toEqual([17, 16, 15, 14]);
  expect(await store.listEvents(everything, { limit: 3, before: 4 })).toMatchObject({ more: false });
  expect(await seqsOf(everything, { limit: 3, after: 12 })).toEqual([15, 14, 13]);
  expect(await store.listEvents(everything, { limit: 3, after: 17 })).toMatchObject({ more: false });
  expect(await store.listEvents(everything, { limit: 3, after: 20 })).toEqual({
    rows: [],
    newest: 20,
    more: false,
  });
});

test('shows nothing beyond a number that is still to come, so that who follows misses none', async () => {
  await store.append(batchOf([makeEvent(1)], { settled: 1 }));
  await store.append(batchOf([makeEvent(2), makeEvent(4)], { settled: 2 }));
  expect(await store.listEvents(everything, { limit: 9 })).toMatchObject({
    newest: 2,
    rows: [{ seq: 2 }, { seq: 1 }],
  });
  await store.append(batchOf([makeEvent(3)], { settled: 4 }));
  expect(await seqsOf(everything, { limit: 9, after: 2 })).toEqual([4, 3]);
});

test('an event comes with the trace that it is joined in, rather than one that only lists it', async () => {
  const listing = key('orderId', 'o9');
  const batch = makeEvent(3, {
    facts: { ids: [], causes: [], keys: [key('batchId', 'b'), { ...listing, role: 'member' }] },
    problems: ['not JSON'],
  });
  await store.append(batchOf([makeEvent(1), makeEvent(2), batch, makeEvent(4), makeEvent(5)]));
  const keys = [{ name: 'batchId', value: 'b' }];
  await store.applyTraces({
    upserted: [traceOf([1, 3]), traceOf([2, 3, 4], { keys })],
    removed: [],
    watermark: 5,
  });
  const { rows } = await store.listEvents(everything, { limit: 9 });
  expect(rows.map(({ seq, trace, hasProblems }) => [seq, trace, hasProblems])).toEqual([
    [5, undefined, false],
    [4, 't2', false],
    [3, 't2', true],
    [2, 't2', false],
    [1, 't1', false],
  ]);
});

test('asked for a status, lists the events of such traces', async () => {
  await store.append(batchOf(range(1, 20).map((seq) => makeEvent(seq))));
  await store.applyTraces({
    upserted: [
      traceOf([1, 8], { failed: true }),
      traceOf([2, 19], { end: 90_000 }),
      traceOf([3], { end: 5 }),
    ],
    removed: [],
    watermark: 20,
  });
  const now = 100_000;
  expect(await seqsOf({ status: 'failed', now }, { limit: 9 })).toEqual([8, 1]);
  expect(await seqsOf({ status: 'active', now }, { limit: 9 })).toEqual([19, 2]);
  expect(await seqsOf({ status: 'quiet', now }, { limit: 9 })).toEqual([3]);
});

test('tells from when to when there are events', async () => {
  expect(await store.state()).not.toHaveProperty('first');
  await store.append(batchOf(range(1, 20).map((seq) => makeEvent(seq))));
  expect(await store.state()).toMatchObject({ first: 1_000_001, last: 1_000_020 });
});

const one = <T>(...of: T[]) => fc.constantFrom(...of);
const anyEvent = fc.record({
  channel: one(orders, payments, { ...orders, name: 'stock' }),
  type: one('OrderCreated', 'Paid', undefined),
  time: fc.integer({ min: 0, max: 100 }),
  order: one('1', '2', '3', undefined),
});
const anyFilter: fc.Arbitrary<Omit<EventFilter, 'now'>> = fc.record(
  {
    systems: fc.subarray(['kafka', 'rabbitmq']),
    channels: fc.subarray(['orders', 'stock', 'payments', 'none']),
    types: fc.subarray(['OrderCreated', 'Paid']),
    keys: fc.subarray([{ name: 'orderId', value: '1' }, { value: '2' }, { value: '1' }], { maxLength: 2 }),
    from: fc.integer({ min: 0, max: 100 }),
    to: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: [] },
);

/** What a filter means, said plainly. */
function matches(filter: Omit<EventFilter, 'now'>, { channel, facts, time }: Event): boolean {
  const { systems = [], channels = [], types = [], keys = [], from = 0, to = 100 } = filter;
  return (
    (systems.length === 0 || systems.includes(channel.system)) &&
    (channels.length === 0 || channels.includes(channel.name)) &&
    (types.length === 0 || types.includes(facts.type ?? '')) &&
    keys.every(({ value }) => facts.keys.some((k) => k.value === value)) &&
    time >= from &&
    time <= to
  );
}

test('pages in either direction give what one list gives, and buckets count it, whatever the filter and the segments', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 9 }), { maxLength: 8 }),
      fc.array(fc.tuple(anyFilter, fc.integer({ min: 1, max: 9 })), { minLength: 6, maxLength: 6 }),
      async (batches, asked) => {
        const own = await temporaryFolder();
        const held = await openTraceStore({ dir: own.dir, segmentEvents: 7 });
        const events: Event[] = [];
        let next = 1;
        for (const batch of batches) {
          // Two connections whose numbers are out of step.
          const made = batch.map(({ channel, type, time, order }) => {
            const keys = order === undefined ? [] : [key('orderId', order)];
            return makeEvent(next++, { channel, time, facts: { type, ids: [], causes: [], keys } });
          });
          events.push(...made);
          const [odd, even] = [1, 0].map((rest) => made.filter(({ seq }) => seq % 2 === rest));
          await held.append(batchOf(even!));
          await held.append(batchOf(odd!));
        }
        for (const [asks, limit] of asked) {
          const filter = { ...asks, now: 0 };
          const expected = events.filter((event) => matches(asks, event)).map(({ seq }) => seq);
          const down: number[] = [];
          for (let more = true; more;) {
            const page = await held.listEvents(filter, { limit, before: down.at(-1) });
            down.push(...page.rows.map(({ seq }) => seq));
            ({ more } = page);
          }
          expect(down).toEqual(expected.toReversed());
          const up: number[] = [];
          for (let more = true; more;) {
            const page = await held.listEvents(filter, { limit, after: up.at(-1) ?? 0 });
            up.push(...page.rows.map(({ seq }) => seq).toReversed());
            ({ more } = page);
          }
          expect(up).toEqual(expected);
          const series = await held.countEvents(filter, { from: 20, to: 80, buckets: limit });
          for (const system of ['kafka', 'rabbitmq'] as const) {
            const counts = Array.from({ length: limit }, () => 0);
            for (const event of events.filter((each) => matches(asks, each))) {
              const { time, channel } = event;
              if (channel.system !== system || time < 20 || time > 80) continue;
              counts[Math.min(limit - 1, Math.floor((time - 20) / (60 / limit)))]! += 1;
            }
            const found = series.find((each) => each.system === system)?.counts;
            expect(found ?? counts.map(() => 0)).toEqual(counts);
          }
        }
        await held.close();
        await own.remove();
      },
    ),
    { numRuns: 10 },
  );
});

test('counts the events that carry a key, also where all are of one system', async () => {
  const events = range(1, 20).map((seq) => makeEvent(seq));
  await store.append(batchOf(events));
  const { name, value } = events[1]!.facts.keys[0]!;
  const count = async (of: string) => {
    const counted = await store.countEvents(
      { keys: [{ name: of, value }], now: 0 },
      { from: events[0]!.time, to: events.at(-1)!.time + 1, buckets: 1 },
    );
    return counted.map(({ system, counts }) => [system, ...counts]);
  };
  const carriers = events.filter(({ facts }) => facts.keys.some((carried) => carried.value === value)).length;
  expect(await count(name)).toEqual([['kafka', carriers]]);
  expect(await count('nothing')).toEqual([]);
});
