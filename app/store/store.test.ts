import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashText } from '../base/hash.ts';
import type { Event } from '../model/event.ts';
import type { Delivery, Topology } from '../model/delivery.ts';
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
let store: TraceStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openTraceStore({ dir: folder.dir });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

async function reopen(): Promise<void> {
  await store.close();
  store = await openTraceStore({ dir: folder.dir });
}

const bytes = Uint8Array.of(0, 255, 128, 10);
const hostile = '<img src=x onerror=alert(1)>\' OR "1"=\'1 \0 💥 % _ \\E .*';

const odd: Event[] = [
  makeEvent(1, {
    id: `m-${hostile}`,
    key: bytes,
    routingKey: hostile,
    headers: [
      ['__proto__', hostile],
      ['twice', 'a'],
      ['twice', bytes],
      ['', ''],
    ],
    properties: JSON.parse(
      '{"__proto__":{"x":1},"message_id":"p-7","deep":[[[null]]]}',
    ) as Event['properties'],
    notes: { node: 'rabbit@a', number: 1.5 },
    payload: { format: 'text', text: hostile, size: 40, unwrapped: ['gzip', 'cloudevents'] },
    problems: ['not JSON'],
    facts: {
      type: hostile,
      producer: '__proto__',
      ids: [hostile, 'p-7'],
      causes: [{ id: 'm-0', path: 'causation-id', evidence: 'causation-header' }],
      trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      keys: [key('__proto__', hostile), key('orderId', '12345')],
    },
  }),
  makeEvent(2, { key: '', position: undefined, payload: { format: 'empty', size: 0 }, observedAt: 1.25 }),
  makeEvent(3, { payload: { format: 'tombstone', size: 0 }, position: { offset: '1795414165291-0' } }),
  makeEvent(4, { payload: { format: 'binary', bytes, size: 4 } }),
  makeEvent(5, { payload: { format: 'binary', bytes: new Uint8Array(0), size: 0 } }),
  makeEvent(6, { payload: { format: 'text', text: '', size: 0 } }),
  makeEvent(7, { payload: { format: 'text', text: 'ü💥'.repeat(1_700_000), size: 10_200_000 } }),
  makeEvent(8, { payload: { format: 'binary', bytes: new Uint8Array(40_000).fill(200), size: 40_000 } }),
  makeEvent(9, {
    connection: 'c2',
    clock: 'observer',
    channel: { ...orders, system: 'rabbitmq', kind: 'exchange' },
  }),
];

test('gives back every field of an event, now and after reopening', async () => {
  await store.append(batchOf(odd));
  expect(await allEvents(store)).toEqual(odd);
  for (const event of odd) expect((await store.event(event.id))?.event).toEqual(event);
  await reopen();
  expect(await allEvents(store)).toEqual(odd);
  const proto = (await store.event(odd[0]!.id))!.event;
  expect(Object.keys(proto.properties!)).toContain('__proto__');
  expect(proto.headers[0]).toEqual(['__proto__', hostile]);
});

test('makes its folder for the owner only', async () => {
  expect((await stat(folder.dir)).mode & 0o777).toBe(0o700);
});

test('finds traces by value, and by name and value in any spelling of the name, and by nothing else', async () => {
  await store.append(batchOf([...odd.slice(0, 1), ...range(20, 22).map((seq) => makeEvent(seq))]));
  await store.applyTraces({
    upserted: [traceOf([1]), traceOf([20]), traceOf([21, 22])],
    removed: [],
    watermark: 22,
  });
  const find = async (...keys: { name?: string; value: string }[]) =>
    (await store.listTraces({ keys, now: 0 }, 10, 0)).rows.map(({ id }) => id);
  expect(await find({ value: '12345' })).toEqual(['t1']);
  expect(await find({ name: 'order_id', value: '12345' })).toEqual(['t1']);
  expect(await find({ name: '__PROTO__', value: hostile })).toEqual(['t1']);
  expect(await find({ name: 'customerId', value: '12345' })).toEqual([]);
  expect(await find({ name: 'rId', value: '12345' })).toEqual([]);
  expect(await find({ name: '.*', value: '12345' })).toEqual([]);
  expect(await find({ value: '1234' })).toEqual([]);
  expect(await find({ value: odd[0]!.id })).toEqual(['t1']);
  expect(await find({ value: 'a'.repeat(32) })).toEqual(['t1']);
  expect(await find({ value: 'o7' })).toEqual(['tl']);
  expect(await find({ value: 'o7' }, { value: '12345' })).toEqual([]);
});

test('finds the trace that a key ties, not those that a batch shares, however its name is spelled', async () => {
  const naming = (...named: string[]) => ({
    ids: [],
    causes: [],
    keys: named.map((o) => key('orderId', o)),
  });
  await store.append(
    batchOf([
      makeEvent(1, { facts: naming('o-1') }),
      makeEvent(2, { facts: naming('o-2') }),
      makeEvent(3, { facts: naming('o-1', 'o-2') }),
    ]),
  );
  const tied = (value: string) => ({ keys: [{ name: 'orderId', value }] });
  await store.applyTraces({
    upserted: [traceOf([1, 3], tied('o-1')), traceOf([2, 3], tied('o-2'))],
    removed: [],
    watermark: 3,
  });
  for (const name of ['orderId', 'order_id', 'orderid', 'ORDER-ID', undefined]) {
    const found = await store.listTraces({ keys: [{ name, value: 'o-2' }], now: 0 }, 10, 0);
    expect([name, found.rows.map(({ id }) => id), found.alsoNaming]).toEqual([name, ['t2'], 1]);
  }
});

test('lists traces by status, system, channel, type and time, newest last event first', async () => {
  const payments = { system: 'rabbitmq', cluster: 'default', name: 'payments', kind: 'exchange' } as const;
  await store.append(
    batchOf([
      makeEvent(1),
      makeEvent(2, { channel: payments, facts: { type: 'Paid', ids: [], causes: [], keys: [] } }),
      makeEvent(3),
    ]),
  );
  await store.applyTraces({
    upserted: [
      traceOf([1], { end: 50_000 }),
      traceOf([2], { end: 90_000, systems: ['rabbitmq'], failed: true }),
      traceOf([3], { end: 100_000 }),
    ],
    removed: [],
    watermark: 3,
  });
  const list = async (filter: object, limit = 10, offset = 0) => {
    const page = await store.listTraces({ now: 100_000, ...filter }, limit, offset);
    return [page.rows.map(({ id }) => id).join(), page.total];
  };
  expect(await list({})).toEqual(['t3,t2,t1', 3]);
  expect(await list({}, 1, 1)).toEqual(['t2', 3]);
  expect(await list({ status: 'failed' })).toEqual(['t2', 1]);
  expect(await list({ status: 'active' })).toEqual(['t3', 1]);
  expect(await list({ status: 'quiet' })).toEqual(['t1', 1]);
  expect(await list({ systems: ['rabbitmq', 'redis'] })).toEqual(['t2', 1]);
  expect(await list({ channels: ['orders'] }, 1)).toEqual(['t3', 2]);
  expect(await list({ types: ['Paid', 'Other'] })).toEqual(['t2', 1]);
  expect(await list({ channels: ['payments'], types: ['OrderCreated'] })).toEqual(['', 0]);
  expect(await list({ from: 60_000, to: 1_000_002 })).toEqual(['t2', 1]);
});

test('gives a trace whole, follows merges, and replaces what an update changes', async () => {
  await store.append(batchOf(range(1, 6).map((seq) => makeEvent(seq))));
  await store.applyTraces({
    upserted: [traceOf([1, 3]), traceOf([2]), traceOf([4, 5])],
    removed: [],
    watermark: 5,
  });
  await store.applyTraces({
    upserted: [traceOf([1, 2, 3])],
    removed: [{ id: 't2', into: 't1' }, { id: 't4' }],
    watermark: 6,
  });
  await store.applyTraces({
    upserted: [traceOf([6, 1, 2, 3])],
    removed: [{ id: 't1', into: 't6' }],
    watermark: 6,
  });
  for (let round = 0; round < 2; round++) {
    const trace = await store.trace('t2');
    expect(trace).toMatchObject({ summary: { id: 't6', events: 4 } });
    expect(trace!.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 6]);
    expect(trace!.links.map(({ from, to }) => [from, to])).toEqual([
      [6, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(await store.trace('t4')).toBeUndefined();
    expect(await store.trace('nonsense')).toBeUndefined();
    expect((await store.listTraces({ now: 0 }, 10, 0)).total).toBe(1);
    const event = await store.event(makeEvent(2).id);
    expect(event!.traces.map(({ id }) => id)).toEqual(['t6']);
    expect(event!.links.map(({ link, other }) => [link.from, link.to, other.seq])).toEqual([
      [1, 2, 1],
      [2, 3, 3],
    ]);
    expect((await store.state()).watermark).toBe(6);
    await reopen();
  }
});

test('an event may be in several traces; an update of one leaves the other', async () => {
  await store.append(batchOf(range(1, 3).map((seq) => makeEvent(seq))));
  await store.applyTraces({ upserted: [traceOf([1, 3]), traceOf([2, 3])], removed: [], watermark: 3 });
  await store.applyTraces({ upserted: [traceOf([1])], removed: [], watermark: 3 });
  expect((await store.event(makeEvent(3).id))!.traces.map(({ id }) => id)).toEqual(['t2']);
});

test('leaves out what is stored already, and what a batch holds twice', async () => {
  await store.append(batchOf([makeEvent(1), makeEvent(2)]));
  const again = [makeEvent(1, { seq: 3 }), makeEvent(4), makeEvent(4, { seq: 5 }), makeEvent(2, { seq: 6 })];
  expect(await store.append(batchOf(again, { mayRepeat: true }))).toEqual({ repeated: [3, 5, 6] });
  expect((await allEvents(store)).map(({ seq }) => seq)).toEqual([1, 2, 4]);
});

test('resumes where it was: positions, numbers, coverage, wiring', async () => {
  const checkpoint = (partition: number, next: string) =>
    ({ kind: 'checkpoint', channel: orders, partition, next }) as const;
  const mark = (fromOffset: string, toOffset: string, from: number, to: number) =>
    ({
      kind: 'coverage',
      channel: orders,
      partition: 0,
      state: 'read',
      fromOffset,
      toOffset,
      from,
      to,
    }) as const;
  const gap = {
    kind: 'coverage',
    channel: orders,
    state: 'gap',
    from: 5,
    to: 9,
    reason: 'detached',
  } as const;
  const topology: Topology = {
    kind: 'topology',
    observedAt: 1,
    channels: [orders],
    subscriptions: [],
    bindings: [],
  };
  await store.append(
    batchOf([makeEvent(1)], {
      checkpoints: [checkpoint(0, '9'), checkpoint(1, '5')],
      coverage: [mark('9', '10', 1, 2), gap],
    }),
  );
  await store.append(
    batchOf([makeEvent(2)], {
      checkpoints: [checkpoint(0, '11')],
      coverage: [mark('10', '12', 2, 3), mark('20', '21', 8, 9)],
    }),
  );
  await store.putTopology('c1', topology);
  for (let round = 0; round < 3; round++) {
    expect(await store.checkpoints('c1')).toEqual([checkpoint(0, '11'), checkpoint(1, '5')]);
    expect(await store.checkpoints('c2')).toEqual([]);
    const coverage = (await store.coverage('c1')).map((row) => row.coverage);
    expect(coverage).toHaveLength(3);
    expect(coverage).toEqual(expect.arrayContaining([mark('9', '12', 1, 3), mark('20', '21', 8, 9), gap]));
    expect(await store.coverage('c2')).toEqual([]);
    expect(await store.topologies()).toEqual(new Map([['c1', topology]]));
    expect((await store.state()).nextSeq).toBe(3);
    await reopen();
  }
});

test('a producer whose name became known late is named wherever its events are read, also after a restart', async () => {
  const client = '127.0.0.1:5000 -> 127.0.0.1:5672';
  const facts = { ids: [], causes: [], keys: [key('orderId', '1')] };
  const nameless = { facts, notes: { connection: client } };
  await store.append(
    batchOf([
      makeEvent(1, { ...nameless, observedAt: 100_000 }),
      // The same address long before: somebody else's.
      makeEvent(2, { ...nameless, observedAt: 1_000 }),
      makeEvent(3, {
        facts: { ...facts, producer: 'fraud' },
        notes: { connection: client },
        observedAt: 104_000,
      }),
      makeEvent(4, { facts, notes: { connection: 'another' }, observedAt: 100_000 }),
    ]),
  );
  const wiring = { kind: 'topology', observedAt: 1, channels: [], subscriptions: [], bindings: [] } as const;
  await store.putTopology('c1', { ...wiring, clients: [{ client, name: 'payments', at: 103_000 }] });
  await store.putTopology('c1', wiring);
  for (let round = 0; round < 2; round++) {
    const { rows } = await store.listEvents({ now: 0 }, { limit: 10 });
    const producers = new Map(rows.map(({ seq, facts: { producer } }) => [seq, producer]));
    expect([1, 2, 3, 4].map((seq) => producers.get(seq))).toEqual([
      'payments',
      undefined,
      'fraud',
      undefined,
    ]);
    const one = rows.find(({ seq }) => seq === 1);
    expect((await store.event(one?.id ?? ''))?.event.facts.producer).toBe('payments');
    await reopen();
  }
});

test('joins deliveries to events, by name and by a range of offsets', async () => {
  const commit = (fromOffset: string, toOffset: string, partition = 0): Delivery => ({
    kind: 'delivery',
    subject: { channel: orders, partition, fromOffset, toOffset },
    consumer: 'shipping',
    status: 'acknowledged',
    evidence: 'offset-commit',
    after: 1,
    before: 2,
  });
  const handed: Delivery = {
    kind: 'delivery',
    subject: { event: makeEvent(10).id },
    consumer: 'fraud',
    status: 'delivered',
    evidence: 'span',
    time: 3,
  };
  const deliveries = [commit('5', '9'), commit('9', '100'), commit('9', '100', 1), handed];
  await store.append(batchOf([makeEvent(8), makeEvent(9), makeEvent(10)], { deliveries }));
  await store.applyTraces({ upserted: [traceOf([8, 9, 10])], removed: [], watermark: 10 });
  for (let round = 0; round < 2; round++) {
    expect((await store.event(makeEvent(8).id))!.deliveries).toEqual([commit('5', '9')]);
    expect((await store.event(makeEvent(10).id))!.deliveries).toEqual([commit('9', '100'), handed]);
    expect((await store.trace('t8'))!.deliveries).toEqual([
      { seq: 8, delivery: commit('5', '9') },
      { seq: 9, delivery: commit('9', '100') },
      { seq: 10, delivery: commit('9', '100') },
      { seq: 10, delivery: handed },
    ]);
    const first = await store.exportDeliveriesAfter(0, 3);
    expect(first.rows.map((row) => row.delivery)).toEqual(deliveries.slice(0, 3));
    expect(await store.exportDeliveriesAfter(first.next!, 3)).toEqual({
      rows: [{ connection: 'c1', delivery: handed }],
    });
    await reopen();
  }
});

test('tells correlation what it needs: facts, key hashes, whole traces under a key', async () => {
  await store.append(batchOf(range(1, 7).map((seq) => makeEvent(seq))));
  await store.applyTraces({ upserted: [traceOf([3, 4, 5, 7])], removed: [], watermark: 5 });
  expect((await store.factsAfter(2, 3)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  expect((await store.factsAfter(2, 1))[0]!.facts).toEqual(makeEvent(3).facts);
  expect(await store.factsAfter(7, 3)).toEqual([]);
  const hashes = await allHashes(store, 4);
  for (const value of ['o0', 'o1', 'o2', makeEvent(4).id]) expect(hashes).toContain(hashText(value));
  const [trace, ...others] = await store.lookUpKeys([hashText('o1'), hashText('nothing')]);
  expect(others).toEqual([]);
  expect(trace!.id).toBe('t3');
  expect(trace!.events.map(({ seq }) => seq)).toEqual([3, 4, 5, 7]);
  expect(await store.lookUpKeys([hashText('o0')])).toEqual([]);
});

test('counts what was seen by connection, channel and producer', async () => {
  const made = { ids: [], causes: [], keys: [], producer: 'shop' };
  await store.append(batchOf([makeEvent(1), makeEvent(2), makeEvent(3, { facts: made })]));
  for (let round = 0; round < 2; round++) {
    const channel = {
      connection: 'c1',
      system: 'kafka',
      cluster: 'default',
      channel: 'orders',
      kind: 'topic',
    };
    expect(await store.activity()).toEqual([
      { ...channel, events: 2, first: 1_000_001, last: 1_000_002 },
      { ...channel, producer: 'shop', events: 1, first: 1_000_003, last: 1_000_003 },
    ]);
    // Of a source that lies within the times in part, each event is looked at; and what they leave out is not there.
    expect(await store.activity({ from: 1_000_002 })).toEqual([
      { ...channel, producer: 'shop', events: 1, first: 1_000_003, last: 1_000_003 },
      { ...channel, events: 1, first: 1_000_002, last: 1_000_002 },
    ]);
    expect(await store.activity({ to: 1_000_001 })).toMatchObject([{ events: 1 }]);
    expect(await store.activity({ from: 2_000_000 })).toEqual([]);
    await reopen();
  }
});
