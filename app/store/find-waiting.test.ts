import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { openTraceStore } from './open.ts';
import { batchOf, makeEvent, orders, range, temporaryFolder } from './test-support/make.ts';
import type { TraceStore } from './trace-store.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: TraceStore;
const open = () => openTraceStore({ dir: folder.dir, segmentEvents: 5 });
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

/** What the store says now, and after reopening, which must be the same. */
async function twice<T>(ask: () => Promise<T>): Promise<T> {
  const now = await ask();
  await store.close();
  store = await open();
  expect(await ask()).toEqual(now);
  return now;
}

const commit = (fromOffset: string, toOffset: string, partition = 0): Delivery => ({
  kind: 'delivery',
  subject: { channel: orders, partition, fromOffset, toOffset },
  consumer: 'shipping',
  status: 'acknowledged',
  evidence: 'offset-commit',
  before: 2,
});

test('beyond what a group has committed lastly, on the partitions where it has committed, is unread', async () => {
  const at = (seq: number, partition: number, offset: number) =>
    makeEvent(seq, { position: { partition, offset: String(offset) } });
  await store.append(batchOf(range(1, 12).map((seq) => at(seq, 0, seq + 90))));
  await store.append(
    batchOf([at(13, 1, 5), at(14, 2, 7)], { deliveries: [commit('0', '95'), commit('0', '5', 1)] }),
  );
  await store.append(batchOf([], { deliveries: [commit('95', '100')] }));
  const asked = () => store.waiting({ channel: orders, consumer: 'shipping', limit: 2 });
  const found = await twice(asked);
  expect(found).toMatchObject({ inHand: [], inHandCount: 0, unreadCount: 4, unknownPartitions: 1 });
  expect(found.unread?.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual([10, 11]);
  await store.append(batchOf([], { deliveries: [commit('100', '103')] }));
  expect(await asked()).toMatchObject({ unreadCount: 1, unread: [{ seq: 13 }] });
  // A group that was rewound reads again.
  await store.append(batchOf([], { deliveries: [commit('93', '94')] }));
  expect((await asked()).unreadCount).toBe(10);
});

test('finds what waits longest on a partition where nothing came since', async () => {
  const at = (seq: number, partition: number) =>
    makeEvent(seq, { position: { partition, offset: String(seq) } });
  await store.append(batchOf([at(1, 1), at(2, 1)], { deliveries: [commit('0', '2', 1)] }));
  for (const seq of range(3, 14)) {
    await store.append(batchOf([at(seq, 0)], { deliveries: [commit(String(seq), String(seq + 1))] }));
  }
  const found = await twice(() => store.waiting({ channel: orders, consumer: 'shipping', limit: 9 }));
  expect(found).toMatchObject({ unreadCount: 1, unread: [{ seq: 2 }] });
});

test('how far a group has got is not made up', async () => {
  await store.append(batchOf([makeEvent(1)]));
  expect(await store.waiting({ channel: orders, consumer: 'shipping', limit: 9 })).toEqual({
    inHand: [],
    inHandCount: 0,
  });
});

const stream: Channel = { system: 'redis', cluster: 'default', name: 'a/b', kind: 'stream' };
const entry = (seq: number, id = `${seq}-0`) =>
  makeEvent(seq, { id: `redis/default/a/b/${id}`, channel: stream, position: { offset: id } });
const handed = (id: string, status: Delivery['status'], rest: Partial<Delivery> = {}): Delivery => ({
  kind: 'delivery',
  subject: { event: `redis/default/a/b/${id}` },
  consumer: 'packers',
  status,
  evidence: 'pending-entries',
  ...rest,
});

test('an entry that was handed out waits until it is acknowledged, by name or in a range; what comes later is unread', async () => {
  await store.append(
    batchOf(
      range(8, 12).map((seq) => entry(seq)),
      {
        deliveries: [
          handed('8-0', 'pending', { time: 500, count: 1 }),
          handed('9-0', 'pending', { time: 400, count: 1 }),
          handed('10-0', 'acknowledged'),
        ],
      },
    ),
  );
  const asked = () => store.waiting({ channel: stream, consumer: 'packers', limit: 9 });
  const first = await twice(asked);
  expect(first.inHand.map(({ event, since, count }) => [event.seq, since, count])).toEqual([
    [9, 400, 1],
    [8, 500, 1],
  ]);
  expect(first).toMatchObject({ inHandCount: 2, unreadCount: 2, unread: [{ seq: 11 }, { seq: 12 }] });

  await store.append(
    batchOf([entry(13)], {
      deliveries: [handed('9-0', 'redelivered', { time: 900, count: 2 }), handed('8-0', 'acknowledged')],
    }),
  );
  const second = await twice(asked);
  expect(second.inHand.map(({ event, since, count }) => [event.seq, since, count])).toEqual([[9, 900, 2]]);

  const subject = { channel: stream, fromOffset: '0-0', toOffset: '11-1' };
  await store.append(batchOf([], { deliveries: [{ ...handed('', 'acknowledged'), subject }] }));
  expect(await twice(asked)).toMatchObject({ inHandCount: 0, unreadCount: 2 });
  expect((await store.waiting({ channel: stream, consumer: 'others', limit: 9 })).inHandCount).toBe(0);
});

test('counts deliveries once, however often it is asked while they come', async () => {
  const delivery = (seq: number): Delivery => ({
    kind: 'delivery',
    subject: { event: makeEvent(seq).id },
    consumer: 'audit',
    status: 'delivered',
    evidence: 'firehose',
    time: 1,
  });
  const expected = async (deliveries: number, ranges: number) =>
    expect(await store.consumption()).toEqual(
      expect.arrayContaining([
        { channel: orders, consumer: 'audit', deliveries },
        { channel: orders, consumer: 'shipping', deliveries: ranges },
      ]),
    );
  expect(await store.consumption()).toEqual([]);
  for (const seq of range(1, 12)) {
    await store.append(
      batchOf([makeEvent(seq)], { deliveries: [delivery(seq), commit(String(seq - 1), String(seq))] }),
    );
    await Promise.all([expected(seq, seq), expected(seq, seq)]);
  }
  await store.close();
  store = await open();
  await expected(12, 12);
});

test('what was handed out was read, whatever a range that was acknowledged says after it', async () => {
  await store.append(batchOf(['1-0', '2-0', '3-0', '4-0', '5-0'].map((id, i) => entry(i + 1, id))));
  const done = { channel: stream, fromOffset: '0-0', toOffset: '3-0' };
  const deliveries = [
    handed('3-0', 'pending'),
    handed('4-0', 'pending'),
    { ...handed('', 'acknowledged'), subject: done },
  ];
  await store.append(batchOf([], { deliveries }));
  const found = await twice(() => store.waiting({ channel: stream, consumer: 'packers', limit: 9 }));
  expect(found.inHand.map(({ event }) => event.seq)).toEqual([3, 4]);
  expect(found.unread?.map(({ seq }) => seq)).toEqual([5]);
});
