import { describe, expect, test } from 'vitest';
import type { Subscription, Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type {
  Buckets,
  EventFilter,
  EventRange,
  ListedEvent,
  TraceStore,
  Waiting,
} from '../store/trace-store.ts';
import { eventHistogram, listEvents, topology, waiting } from './index.ts';

const orders: Channel = { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' };
const payments: Channel = { system: 'rabbitmq', cluster: 'prod', name: 'payments', kind: 'exchange' };
const charges: Channel = { ...payments, name: 'charges', kind: 'queue' };

const event = (seq: number): ListedEvent => ({
  seq,
  id: `m${seq}`,
  channel: orders,
  time: seq * 1000,
  facts: { ids: [], causes: [], keys: [] },
  connection: 'c1',
  clock: 'broker',
  observedAt: 0,
  size: 2,
  format: 'json',
  trace: 't1',
  hasProblems: false,
});

const subscribes = (channel: Channel, consumer: string, lag?: number): Subscription => ({
  kind: 'subscription',
  channel,
  consumer,
  lag,
});
const wiring: Topology = {
  kind: 'topology',
  observedAt: 0,
  channels: [orders, payments],
  subscriptions: [subscribes(orders, 'shipping', 9), subscribes(charges, 'billing', 4)],
  bindings: [{ kind: 'binding', channel: payments, to: 'charges', toKind: 'queue', routingKey: '#' }],
};

function store(known: Waiting = { inHand: [], inHandCount: 0 }) {
  const held = {
    asked: [] as unknown[],
    listEvents: async (filter: EventFilter, range: EventRange) => {
      held.asked = [filter, range];
      return { rows: [event(2), event(1)], newest: 7, more: true };
    },
    countEvents: async (filter: EventFilter, buckets: Buckets) => {
      held.asked = [filter, buckets];
      return [{ system: 'kafka' as const, counts: [1, 2] }];
    },
    topologies: async () => new Map([['c1', wiring]]),
    activity: async () => [
      { ...orders, channel: 'orders', connection: 'c1', producer: 'shop', events: 5, first: 0, last: 70 },
    ],
    consumption: async () => [{ channel: orders, consumer: 'audit', deliveries: 3 }],
    waiting: async (asked: unknown) => {
      held.asked = [asked];
      return known;
    },
  };
  return held as typeof held & TraceStore;
}

describe('the list of events', () => {
  test('takes the search, the range and the page together', async () => {
    const held = store();
    const page = await listEvents(
      held,
      { query: 'orderId=1 after:1m', from: 10_000, to: 80_000, before: 9, limit: 2 },
      90_000,
    );
    expect(held.asked).toEqual([
      { now: 90_000, keys: [{ name: 'orderId', value: '1' }], from: 30_000, to: 80_000 },
      { before: 9, limit: 2 },
    ]);
    expect(page).toMatchObject({
      newest: 7,
      more: true,
      notes: [],
      rows: [{ seq: 2, trace: 't1' }, { seq: 1 }],
    });
  });

  test('says what a status means for events, and what is stuck', async () => {
    const notes = async (query: string) => (await listEvents(store(), { query, limit: 2 }, 0)).notes.join();
    expect(await notes('status:failed')).toContain('events of traces that are failed');
    expect(await notes('status:stuck')).toContain('has not acknowledged it');
  });

  test('is counted by the same search', async () => {
    const held = store();
    const asked = { query: 'system:kafka', from: 0, to: 100, buckets: 2 };
    expect(await eventHistogram(held, asked, 5)).toEqual({
      from: 0,
      to: 100,
      series: [{ system: 'kafka', counts: [1, 2] }],
    });
    expect(held.asked).toEqual([
      { now: 5, systems: ['kafka'] },
      { from: 0, to: 100, buckets: 2 },
    ]);
  });
});

test('the topology tells what moves now, and never more for a producer than for its channel', async () => {
  const live = async (rate: number) => {
    const rates = {
      channels: [{ channel: orders, rate: 5 }],
      producers: [{ channel: orders, producer: 'shop', rate }],
    };
    const { at, channels, edges } = await topology(store(), rates, {}, 123);
    expect(at).toBe(123);
    expect(channels.find(({ name }) => name === 'orders')).toMatchObject({ rate: 5, last: 70 });
    expect(channels.find(({ name }) => name === 'payments')).toMatchObject({ rate: 0 });
    expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length);
    return edges.find(({ kind }) => kind === 'publishes')?.rate;
  };
  expect(await live(3)).toBe(3);
  expect(await live(9000)).toBe(5);
});

test('the topology of a time that is past counts within it, and does not claim what waits now', async () => {
  const within = { from: 10_000, to: 20_000 };
  const held: TraceStore = Object.assign(store(), {
    activity: async (times?: object) => [
      {
        ...{ ...orders, channel: 'orders', connection: 'c1', producer: 'shop' },
        ...(times ? { events: 20, first: 10_000, last: 19_000 } : { events: 500, first: 0, last: 90_000 }),
      },
    ],
  });
  const rates = { channels: [{ channel: orders, rate: 5 }], producers: [] };
  const past = await topology(held, rates, within, 100_000);
  expect(past.channels.find(({ name }) => name === 'orders')).toMatchObject({
    events: 20,
    rate: 2,
    last: 19_000,
  });
  expect(past.edges.find(({ kind }) => kind === 'publishes')).toMatchObject({ events: 20, rate: 2 });
  expect(past.edges.filter(({ lag }) => lag !== undefined)).toEqual([]);
  const now = await topology(held, rates, { from: 10_000 }, 100_000);
  expect(now.channels.find(({ name }) => name === 'orders')).toMatchObject({ events: 20, rate: 5 });
  expect(now.edges.filter(({ lag }) => lag !== undefined)).not.toEqual([]);
  expect(now.edges.map(({ id }) => id)).toEqual(past.edges.map(({ id }) => id));
});

describe('what waits', () => {
  const ask = (held: TraceStore, channel: string, consumer: string, limit = 10) =>
    waiting(held, { channel, consumer: `participant/${consumer}`, limit });

  test('comes longest first, with what the system says and what is not known', async () => {
    const held = store({
      inHand: [{ event: event(5), since: 1500, count: 3 }],
      inHandCount: 1,
      unread: [event(1), event(3)],
      unreadCount: 2,
      unknownPartitions: 1,
    });
    const found = await ask(held, 'kafka/prod/topic/orders', 'shipping');
    expect(
      found?.events.map(({ event: { seq }, state, since, deliveries }) => [seq, state, since, deliveries]),
    ).toEqual([
      [1, 'unread', 1000, undefined],
      [5, 'pending', 1500, 3],
      [3, 'unread', 3000, undefined],
    ]);
    expect(found?.total).toBe(9);
    expect(found?.notes.join(' ')).toMatch(
      /every few seconds.*On 1 partition.*6 of the 9 that wait were not recorded/,
    );
    expect((await ask(held, 'kafka/prod/topic/orders', 'shipping', 2))?.events).toHaveLength(2);
  });

  test('in a queue behind an exchange is a number, and why it is no more is said', async () => {
    const found = await ask(store(), 'rabbitmq/prod/exchange/payments', 'billing');
    expect(found).toMatchObject({ events: [], total: 4 });
    expect(found?.notes.join(' ')).toMatch(/It reads charges.*cannot be seen/);
  });

  test('for who is known from deliveries only is not made up; who does not consume is not found', async () => {
    const found = await ask(store(), 'kafka/prod/topic/orders', 'audit');
    expect(found).toEqual({
      events: [],
      notes: [
        'audit is known from deliveries only: no broker lists it.',
        'How far audit has got is not known: it acknowledged nothing as long as Headwater looked.',
      ],
    });
    expect(await ask(store(), 'kafka/prod/topic/orders', 'billing')).toBeUndefined();
    expect(await ask(store(), 'kafka/prod/topic/none', 'shipping')).toBeUndefined();
  });
});
