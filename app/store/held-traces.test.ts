import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Delivery } from '../model/delivery.ts';
import { openTraceStore } from './open.ts';
import { batchOf, makeEvent, orders, range, temporaryFolder, traceOf } from './test-support/make.ts';
import type { TraceFilter, TraceStore } from './trace-store.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: TraceStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openTraceStore({ dir: folder.dir, segmentEvents: 5 });
  // Three traces: their last events are of 1,000,002 to 1,000,008.
  await store.append(batchOf(range(0, 8).map((seq) => makeEvent(seq))));
  const upserted = [traceOf([0, 1, 2]), traceOf([3, 4, 5]), traceOf([6, 7, 8])];
  await store.applyTraces({ upserted, removed: [], watermark: 8 });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const handed = (seq: number, status: Delivery['status'], change: Partial<Delivery> = {}): Delivery => ({
  kind: 'delivery',
  subject: { event: `kafka/default/orders/0/${seq}` },
  consumer: 'shipping',
  status,
  evidence: 'pending-entries',
  time: 1_000_010,
  ...change,
});
const deliver = (...deliveries: Delivery[]) => store.append(batchOf([], { deliveries }));
const listed = async (status: TraceFilter['status'], now: number) =>
  (await store.listTraces({ status, now }, 9, 0)).rows.map(({ id }) => id);

test('a trace is stuck while a consumer has an event of it in hand and nothing comes', async () => {
  await deliver(handed(1, 'pending'), handed(4, 'pending'), handed(4, 'acknowledged', { before: 1_000_020 }));
  const held = [{ trace: 't0', event: 'kafka/default/orders/0/1', consumer: 'shipping', since: 1_000_010 }];
  // Nothing waits for the first count; a search does.
  expect(await listed('stuck', 1_040_000)).toEqual(['t0']);
  expect(await store.held()).toEqual(held);
  expect(await listed('quiet', 1_040_000)).toEqual(['t6', 't3']);
  // It was handed out after the last event: for so long it counts as active.
  expect(await listed('stuck', 1_030_009)).toEqual([]);
  expect(await listed('active', 1_030_009)).toEqual(['t0']);
  const { rows } = await store.listEvents({ status: 'stuck', now: 1_040_000 }, { limit: 9 });
  expect(rows.map(({ seq }) => seq)).toEqual([2, 1, 0]);
  await deliver(handed(1, 'acknowledged', { time: undefined, before: 1_050_000 }));
  expect(await listed('stuck', 1_060_000)).toEqual([]);
  expect(await store.held()).toEqual([]);
});

test('what a file calls pending counts, also without a pending-entries list, until it says otherwise', async () => {
  const evidence = 'import' as const;
  await deliver(handed(1, 'delivered', { evidence }), handed(4, 'pending', { evidence }));
  expect(await listed('stuck', 1_040_000)).toEqual(['t3']);
  await deliver(handed(4, 'acknowledged', { evidence, time: 1_050_000 }));
  expect(await listed('stuck', 1_060_000)).toEqual([]);
});

test('a failed trace stays failed', async () => {
  const failed = { ...traceOf([0, 1, 2], { failed: true }) };
  await store.applyTraces({ upserted: [failed], removed: [], watermark: 8 });
  await deliver(handed(1, 'pending'));
  expect(await listed('stuck', 1_040_000)).toEqual([]);
  expect(await listed('failed', 1_040_000)).toEqual(['t0']);
});

test('what is in hand by a list of entries may be told to have ended by somebody else, also after a restart', async () => {
  await deliver(handed(1, 'rejected'), handed(1, 'rejected', { evidence: 'import' }), handed(4, 'rejected'));
  const held = [expect.objectContaining({ trace: 't3' })];
  expect(await store.held()).toEqual(held);
  await store.close();
  store = await openTraceStore({ dir: folder.dir, segmentEvents: 5 });
  expect(await listed('stuck', 1_040_000)).toEqual(['t3']);
  expect(await store.held()).toEqual(held);
});

test('what was taken down delivery by delivery is what a store that is opened reads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          seq: fc.integer({ min: 0, max: 8 }),
          consumer: fc.constantFrom('shipping', 'billing'),
          status: fc.constantFrom('pending', 'delivered', 'acknowledged', 'rejected'),
          evidence: fc.constantFrom('pending-entries', 'import'),
          count: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
          range: fc.boolean(),
        }),
        { maxLength: 12 },
      ),
      async (said) => {
        const own = await temporaryFolder();
        let live = await openTraceStore({ dir: own.dir, segmentEvents: 5 });
        await live.append(batchOf(range(0, 8).map((seq) => makeEvent(seq))));
        await live.applyTraces({ upserted: [traceOf(range(0, 8))], removed: [], watermark: 8 });
        for (const { seq, range: isRange, count, ...rest } of said) {
          const channel = orders;
          const subject = isRange
            ? { channel, partition: 0, fromOffset: '0', toOffset: String(seq) }
            : { event: `kafka/default/orders/0/${seq}` };
          const counted = count === undefined ? {} : { count };
          await live.append(
            batchOf([], { deliveries: [handed(seq, 'pending', { ...rest, ...counted, subject })] }),
          );
        }
        const ask = async (of: TraceStore) => [
          await of.listTraces({ status: 'stuck', now: 1_060_000 }, 9, 0),
          new Set((await of.held()).map((one) => JSON.stringify(one))),
          await of.waiting({ channel: orders, consumer: 'shipping', limit: 9 }),
          new Set((await of.consumption()).map((one) => JSON.stringify(one))),
        ];
        const now = await ask(live);
        await live.close();
        live = await openTraceStore({ dir: own.dir, segmentEvents: 5 });
        expect(await ask(live)).toEqual(now);
        await live.close();
        await own.remove();
      },
    ),
    { numRuns: 12 },
  );
});
