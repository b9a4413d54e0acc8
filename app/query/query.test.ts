import { describe, expect, test } from 'vitest';
import type { ClockOffset } from '../model/clock.ts';
import type { Delivery, Topology } from '../model/delivery.ts';
import type { Event, Payload } from '../model/event.ts';
import type { Channel } from '../model/message.ts';
import type { Link, TraceSummary } from '../model/trace.ts';
import type { EventHead, HeldEvent, TraceFilter, TraceStore } from '../store/trace-store.ts';
import { eventPayload, getEvent, getTrace, listTraces, topology } from './index.ts';

const orders: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const payments: Channel = { ...orders, name: 'payments' };
const summary: TraceSummary = {
  id: 't1',
  keys: [{ name: 'orderId', value: '1' }],
  start: 1000,
  end: 2000,
  events: 2,
  hops: 2,
  systems: ['kafka'],
  failed: false,
};
const head = (seq: number, channel: Channel, producer?: string): EventHead => ({
  seq,
  id: `m${seq}`,
  channel,
  time: seq * 1000,
  facts: {
    producer,
    ids: [],
    causes: [],
    keys: [
      { name: 'orderId', value: '1', origin: 'payload', path: 'orderId', role: 'joins' },
      { name: 'orderId', value: '1', origin: 'message-key', path: 'key', role: 'joins' },
    ],
  },
  connection: 'c1',
  clock: 'broker',
  observedAt: 0,
  size: 2,
  format: 'json',
});
const [created, requested] = [head(1, orders, 'storefront'), head(2, payments)];
const link: Link = { from: 1, to: 2, evidence: 'key-and-time', confidence: 0.6, why: 'both carry orderId=1' };
const delivery: Delivery = {
  kind: 'delivery',
  subject: { event: 'm1' },
  consumer: 'payments',
  status: 'acknowledged',
  evidence: 'import',
  time: 1500,
};
const wiring = (...consumers: string[]): Topology => ({
  kind: 'topology',
  observedAt: 0,
  channels: [],
  subscriptions: consumers.map((consumer) => ({ kind: 'subscription', channel: orders, consumer })),
  bindings: [],
});

/** A store that holds one trace of two events; `asked` is the last filter. */
function store(
  consumers: string[],
  payload: Payload = { format: 'json', text: '{}', size: 2 },
  cause: Link = link,
  deliveries: readonly Delivery[] = [delivery],
) {
  const { connection, clock, observedAt, seq, id, channel, time, facts } = requested;
  const event: Event = {
    ...{ connection, clock, observedAt, seq, id, channel, time, facts, payload },
    key: new Uint8Array([0, 7, 255]),
    headers: [
      ['a', 'b'],
      ['bin', new Uint8Array([255])],
    ],
  };
  const held = {
    asked: undefined as TraceFilter | undefined,
    listTraces: async (filter: TraceFilter) => {
      held.asked = filter;
      return { rows: [summary], total: 1 };
    },
    trace: async (asked: string) =>
      asked === 't1'
        ? {
            summary,
            events: [created, requested],
            links: [cause],
            deliveries: deliveries.map((d) => ({ seq: 1, delivery: d })),
          }
        : undefined,
    event: async (asked: string) =>
      asked === 'm2'
        ? { event, deliveries: [], links: [{ link: cause, other: created }], traces: [summary] }
        : asked === 'm1'
          ? { event: { ...event, ...created }, deliveries, links: [], traces: [summary] }
          : undefined,
    linkEdits: async () => [],
    topologies: async () => new Map([['c1', wiring(...consumers)]]),
    activity: async () => [
      {
        ...orders,
        channel: 'orders',
        connection: 'c1',
        producer: 'storefront',
        events: 1,
        first: 0,
        last: 0,
      },
    ],
    consumption: async () => [{ channel: orders, consumer: 'audit', deliveries: 3 }],
    held: async (): Promise<readonly HeldEvent[]> => [],
  };
  return held as typeof held & TraceStore;
}

const page = { limit: 10, offset: 0 };

describe('reading traces', () => {
  test('a search becomes a filter, and what it does not understand a note', async () => {
    const held = store([]);
    const { rows, notes } = await listTraces(
      held,
      { query: 'orderId=1 status:complete after:1m x:y', ...page },
      90_000,
    );
    expect(held.asked).toEqual({
      now: 90_000,
      keys: [{ name: 'orderId', value: '1' }, { value: 'x:y' }],
      status: 'quiet',
      from: 30_000,
    });
    expect(rows).toMatchObject([{ id: 't1', status: 'quiet' }]);
    expect(notes).toHaveLength(1);
  });

  test('a trace without keys is named by its first event', async () => {
    const held = store([]);
    const nameless = { ...summary, keys: [] };
    const first = head(1, orders);
    const pinged = { ...first, facts: { ...first.facts, type: 'Pinged' } };
    const detail = { summary: nameless, events: [pinged, requested], links: [], deliveries: [] };
    const without: TraceStore = {
      ...held,
      listTraces: () => Promise.resolve({ rows: [nameless], total: 1 }),
      trace: () => Promise.resolve(detail),
      traces: () => Promise.resolve([detail]),
    };
    const { rows } = await listTraces(without, { query: '', ...page }, 0);
    expect(rows).toMatchObject([{ id: 't1', name: 'Pinged on orders' }]);
    expect((await getTrace(without, 't1', 0))?.trace.name).toBe('Pinged on orders');
    expect((await listTraces(held, { query: '', ...page }, 0)).rows[0]?.name).toBeUndefined();
  });

  test('a trace is active until 30 s after its last event', async () => {
    const status = async (now: number) =>
      (await listTraces(store([]), { query: '', ...page }, now)).rows[0]?.status;
    expect(await status(32_000)).toBe('active');
    expect(await status(32_001)).toBe('quiet');
  });

  const handed = { trace: 't1', event: 'm1', consumer: 'shipping', since: 1500 };

  test('a trace is stuck when a consumer was handed an event and nothing came for 30 s', async () => {
    const held = { ...store([]), held: async () => [{ ...handed, since: 1900 }, handed] };
    const row = async (now: number) =>
      (await listTraces(held, { query: 'status:stuck', ...page }, now)).rows[0];
    expect(await row(32_000)).toMatchObject({ status: 'active' });
    expect(await row(32_001)).toMatchObject({
      status: 'stuck',
      pending: { event: 'm1', consumer: 'shipping', since: 1500 },
    });
    const late = { ...held, held: async () => [{ ...handed, since: 20_000 }] };
    expect((await listTraces(late, { query: '', ...page }, 40_000)).rows[0]?.status).toBe('active');
    expect((await getEvent(held, 'm2', 40_000))?.traces[0]?.status).toBe('stuck');
    const { notes } = await listTraces(held, { query: 'status:stuck', ...page }, 0);
    expect(notes.join()).toContain('has not acknowledged it');
  });

  test('whether a trace is stuck is told by the deliveries of its events', async () => {
    const pending: Delivery = { ...delivery, consumer: 'shipping', status: 'pending', time: 1500 };
    const status = async (...of: Delivery[]) =>
      (await getTrace(store([], undefined, undefined, of), 't1', 40_000))?.trace.status;
    expect(await status(delivery, pending)).toBe('stuck');
    expect(await status(pending, { ...pending, status: 'acknowledged', time: 1600 })).toBe('quiet');
    expect(await status({ ...pending, status: 'delivered', evidence: 'firehose' })).toBe('quiet');
  });

  test('a trace names its events by id and names no producer upon a guess', async () => {
    const one = await getTrace(store(['billing']), 't1', 5000);
    expect(one?.events.map((e) => e.producer)).toEqual([{ name: 'storefront', inferred: false }, undefined]);
    expect(one?.events[0]?.keys).toEqual([{ name: 'orderId', value: '1' }]);
    expect(one?.links).toMatchObject([
      { from: 'm1', to: 'm2', confidence: 0.6, why: 'both carry orderId=1' },
    ]);
    expect(one?.deliveries).toMatchObject([{ event: 'm1', consumer: 'payments', time: 1500 }]);
    const proven = { ...link, confidence: 1, evidence: 'causation-header' } as const;
    const publisher = async (...consumers: string[]) =>
      (await getTrace(store(consumers, undefined, proven), 't1', 5000))?.events[1]?.producer;
    expect(await publisher('payments')).toEqual({ name: 'payments', inferred: true });
    expect(await publisher('billing', 'fraud')).toBeUndefined();
    expect(await getTrace(store([]), 'nope', 0)).toBeUndefined();
  });
});

test('who publishes is at last read from the name of the channel, alike for a trace and an event', async () => {
  const inferred = { name: 'payments-service', inferred: true };
  const known = store(['payments-service', 'fraud']);
  expect((await getTrace(known, 't1', 5000))?.events[1]?.producer).toEqual(inferred);
  expect((await getEvent(known, 'm2', 5000))?.head.producer).toEqual(inferred);
});

describe('clocks that differ', () => {
  const offset: ClockOffset = {
    ...{ behind: 'the Kafka server', ahead: 'the Redis server', least: 1_960, most: 2_030, varies: false },
    ...{ links: 41, example: { cause: 'm1', effect: 'm2' } },
  };
  const stamped = { ...created, time: 4_100, channel: { ...orders, system: 'redis' } } as const;
  const stated: Link = { ...link, confidence: 1, evidence: 'causation-header' };

  /** A trace whose events were timed by Redis and by Kafka; the example is in it, or in another. */
  function skewed(cause: Link): TraceStore {
    const held = store([], undefined, cause);
    const trace = async (id: string) => {
      const found = await held.trace(id);
      return found && { ...found, events: [stamped, requested] };
    };
    const event = async (id: string) => {
      const found = id === 'm2' ? await held.event(id) : undefined;
      return found && { ...found, traces: [{ ...summary, id: 't9' }] };
    };
    return { ...held, trace, event };
  }

  test('are told in words, with an example from the trace itself where it has one', async () => {
    const [clock] = (await getTrace(skewed(stated), 't1', 5000, [offset]))!.clocks;
    expect(clock).toMatchObject({
      text: 'the Kafka server is 1.9 to 2.1 s behind the Redis server',
      links: 41,
    });
    expect(clock!.example).toMatchObject({
      trace: 't1',
      cause: { id: 'm1', time: 4_100 },
      effect: { id: 'm2' },
    });
    // What is only guessed shows nothing.
    const [other] = (await getTrace(skewed(link), 't1', 5000, [offset]))!.clocks;
    expect(other!.example).toMatchObject({ trace: 't9', cause: { id: 'm1' }, effect: { id: 'm2' } });
  });

  test('are told without an example that is gone, and not at all where they timed nothing', async () => {
    const gone = { ...offset, example: { cause: 'm1', effect: 'm7' } };
    const [clock] = (await getTrace(skewed(link), 't1', 5000, [gone]))!.clocks;
    expect(clock).toMatchObject({ links: 41, example: undefined });
    expect((await getTrace(store([]), 't1', 5000, [offset]))!.clocks).toEqual([]);
  });
});

describe('reading an event', () => {
  test('gives bytes in base64, links with the other end, and its traces', async () => {
    const bytes = new Uint8Array([0, 255]);
    const detail = await getEvent(store(['billing'], { format: 'binary', bytes, size: 2 }), 'm2', 5000);
    expect(detail).toMatchObject({
      head: { id: 'm2', producer: undefined, key: 'AAf/', keyEncoding: 'base64' },
      headers: [
        { name: 'a', value: 'b', encoding: 'text' },
        { name: 'bin', value: '/w==', encoding: 'base64' },
      ],
      payload: { encoding: 'base64', text: 'AP8=', length: 4 },
      links: [{ from: 'm1', to: 'm2', other: { id: 'm1' } }],
      traces: [{ id: 't1' }],
    });
    expect(await getEvent(store([]), 'nope', 0)).toBeUndefined();
  });

  test('comes with the first 256 Ki characters of its payload, and the rest is read on', async () => {
    const text = 'x'.repeat(300_000);
    const held = store([], { format: 'text', text, size: 300_000 });
    const detail = await getEvent(held, 'm2', 0);
    expect([detail?.payload.text.length, detail?.payload.length]).toEqual([262_144, 300_000]);
    const rest = await eventPayload(held, 'm2', 262_144, 400_000);
    expect([rest?.text.length, rest?.length]).toEqual([37_856, 300_000]);
    expect(await eventPayload(held, 'nope', 0, 1)).toBeUndefined();
  });
});

test('the trace and the event name the same publisher, also when its consumers have left', async () => {
  const proven = { ...link, confidence: 1, evidence: 'causation-header' } as const;
  const seen = { ...delivery, consumer: 'fraud', evidence: 'firehose' } as const;
  for (const consumers of [[], ['payments.fraud', 'shipping'], ['fraud']]) {
    for (const deliveries of [[seen], []]) {
      const held = store(consumers, undefined, proven, deliveries);
      const lane = (await getTrace(held, 't1', 5000))?.events[1]?.producer;
      const inspected = (await getEvent(held, 'm2', 5000))?.head.producer;
      expect(inspected).toEqual(lane);
      if (deliveries.length > 0) expect(lane).toEqual({ name: 'fraud', inferred: true });
    }
  }
});

test('the topology counts what was seen and who was handed it', async () => {
  const { edges } = await topology(store(['payments']));
  expect(edges.map((e) => [e.kind, e.evidence])).toEqual([
    ['consumes', 'deliveries'],
    ['consumes', 'subscription'],
    ['publishes', 'events name it'],
  ]);
});
