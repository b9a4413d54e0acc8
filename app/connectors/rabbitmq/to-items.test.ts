import { expect, test } from 'vitest';
import { createEventMemory } from './event-memory.ts';
import { delivered, died, published } from './test-support.ts';
import { channelOf, toItems, type Context } from './to-items.ts';

const context = (more: Partial<Context> = {}): Context => ({
  cluster: 'prod',
  memory: createEventMemory('rabbitmq/prod'),
  nameOf: (connection) => (connection === 'a -> b' ? 'storefront' : undefined),
  wanted: () => true,
  isOurs: (queue) => queue.startsWith('headwater-'),
  now: () => 1_234,
  ...more,
});

test('a publish is a message with its producer and what the broker told of it', () => {
  const seen = published('{}', {
    properties: { timestamp: 5, type: 'ChargeRequested' },
    headers: {
      text: 't',
      number: 7,
      flag: true,
      raw: Buffer.from([1]),
      table: { when: { '!': 'timestamp', value: 0 } },
    },
    routedQueues: ['charges', 'headwater-1'],
    node: 'rabbit@one',
  });
  const { message, deliveries } = toItems(seen, context());
  expect(deliveries).toEqual([]);
  expect(message).toMatchObject({
    channel: { system: 'rabbitmq', cluster: 'prod', name: 'payments', kind: 'exchange' },
    time: 1_234,
    clock: 'observer',
    routingKey: 'charge',
    producer: 'storefront',
    properties: { timestamp: 5, type: 'ChargeRequested' },
    notes: { node: 'rabbit@one', routed_queues: ['charges'] },
    headers: [
      ['text', 't'],
      ['number', '7'],
      ['flag', 'true'],
      ['raw', Buffer.from([1])],
      ['table', '{"when":"1970-01-01T00:00:00.000Z"}'],
    ],
  });
});

test('a header with milliseconds is the better time', () => {
  const broker = toItems(published('', { headers: { timestamp_in_ms: 1_700_000_000_123 } }), context());
  expect(broker.message).toMatchObject({ time: 1_700_000_000_123, clock: 'broker' });
  const producer = toItems(published('', { headers: { 'x-timestamp-in-ms': '1700000000123' } }), context());
  expect(producer.message).toMatchObject({ time: 1_700_000_000_123, clock: 'producer' });
  expect(
    toItems(published('', { headers: { 'x-timestamp-in-ms': 'soon' } }), context()).message,
  ).toMatchObject({
    clock: 'observer',
  });
});

test('a delivery nobody saw published is a message too, of no known producer', () => {
  const { message, deliveries } = toItems(delivered(published('x'), 'charges'), context());
  expect(message).toMatchObject({ notes: { note: 'first seen when delivered', queue: 'charges' } });
  expect(message?.producer).toBeUndefined();
  expect(deliveries).toMatchObject([
    {
      client: { connection: 'a -> b', channel: 1, queue: 'charges' },
      delivery: { status: 'delivered', via: 'charges', time: 1_234 },
    },
  ]);
});

test('a dead letter says where, why and in which second it died', () => {
  const seen = published('x', { act: 'dead-letter', exchange: 'dead', headers: died('charges', 'expired') });
  expect(toItems(seen, context()).deliveries).toMatchObject([
    {
      delivery: {
        status: 'dead-lettered',
        via: 'charges (expired)',
        after: 1_700_000_000_000,
        before: 1_700_000_001_000,
        evidence: 'dead-letter-header',
      },
    },
  ]);
});

test('our own queue is no consumer, and what was not asked for is nothing', () => {
  expect(toItems(delivered(published('x'), 'headwater-1'), context())).toEqual({ deliveries: [] });
  expect(toItems(published('x'), context({ wanted: () => false }))).toEqual({ deliveries: [] });
});

test('the default exchange is its queues, and all reply queues are one', () => {
  expect(channelOf('c', { exchange: '', routingKey: 'jobs' })).toMatchObject({ kind: 'queue', name: 'jobs' });
  expect(channelOf('c', { exchange: '', routingKey: 'amq.rabbitmq.reply-to.g2dk' })).toMatchObject({
    name: 'amq.rabbitmq.reply-to',
  });
});

test('odd header names do no harm', () => {
  const headers = JSON.parse('{"__proto__":"x","<b>":"y"}') as Record<string, unknown>;
  expect(toItems(published('', { headers }), context()).message?.headers).toEqual([
    ['__proto__', 'x'],
    ['<b>', 'y'],
  ]);
});
