import { expect, test } from 'vitest';
import { readTap, readTrace } from './observation.ts';
import { consumed, died } from './test-support.ts';

/** As RabbitMQ 3.10 sends it, with what the client library makes of AMQP's types. */
const head = {
  exchange_name: 'payments',
  routing_keys: ['a.b', 'a.c'],
  properties: {
    app_id: 'storefront',
    timestamp: 1_700_000_000,
    message_id: 'm1',
    priority: 3,
    headers: { CC: ['a.c'], n: 1, nested: { list: [1, 'b'] }, raw: Buffer.from([0xff]) },
  },
  node: 'rabbit@one',
  vhost: '/',
  connection: '127.0.0.1:60132 -> 127.0.0.1:5672',
  channel: 1,
  user: 'guest',
};

test('a published message is told from the firehose headers', () => {
  const message = consumed('amq.rabbitmq.trace', 'publish.payments', '{}', {
    headers: { ...head, routed_queues: ['charges'] },
  });
  expect(readTrace(message)).toEqual({
    act: 'publish',
    exchange: 'payments',
    routingKeys: ['a.b', 'a.c'],
    properties: { app_id: 'storefront', timestamp: 1_700_000_000, message_id: 'm1', priority: 3 },
    headers: head.properties.headers,
    body: Buffer.from('{}'),
    routedQueues: ['charges'],
    connection: head.connection,
    channel: 1,
    node: 'rabbit@one',
    vhost: '/',
    user: 'guest',
  });
});

test('a delivered one names its queue, dots and all', () => {
  const message = consumed('amq.rabbitmq.trace', 'deliver.orders.eu\nodd', '{}', {
    headers: { ...head, redelivered: 1 },
  });
  expect(readTrace(message)).toMatchObject({ act: 'deliver', queue: 'orders.eu\nodd', redelivered: true });
});

test('what is no message of the firehose is left alone', () => {
  expect(readTrace(consumed('amq.rabbitmq.trace', 'publish.x', ''))).toBeUndefined();
  expect(readTrace(consumed('amq.rabbitmq.trace', 'other', '', { headers: head }))).toBeUndefined();
});

test('a tapped message has its properties by their names in the specification', () => {
  const message = consumed('payments', 'a.b', 'x', {
    messageId: 'm1',
    contentType: 'text/plain',
    timestamp: 1_700_000_000,
    appId: undefined,
    headers: { h: 'v' },
  });
  expect(readTap(message, () => false)).toEqual({
    act: 'publish',
    exchange: 'payments',
    routingKeys: ['a.b'],
    properties: { message_id: 'm1', content_type: 'text/plain', timestamp: 1_700_000_000 },
    headers: { h: 'v' },
    body: Buffer.from('x'),
  });
});

test('a dead letter is one only at the exchange where its queue sends dead letters', () => {
  const message = consumed('dead', 'charge', 'x', { headers: died('charges', 'rejected') });
  expect(readTap(message, (exchange, queue) => exchange === 'dead' && queue === 'charges').act).toBe(
    'dead-letter',
  );
  // Published again by an application that kept the headers.
  expect(readTap(message, () => false).act).toBe('publish');
});
