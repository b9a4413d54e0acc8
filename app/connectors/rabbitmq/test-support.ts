import type { ConsumeMessage } from 'amqplib';
import type { Observation } from './observation.ts';

/** A message as the client library hands it over. */
export function consumed(
  exchange: string,
  routingKey: string,
  body: string,
  properties: Readonly<Record<string, unknown>> = {},
): ConsumeMessage {
  return {
    content: Buffer.from(body),
    fields: { exchange, routingKey, consumerTag: 't', deliveryTag: 1, redelivered: false },
    properties: { headers: {}, ...properties } as ConsumeMessage['properties'],
  };
}

/** An observed publish. */
export function published(body: string, more: Partial<Observation> = {}): Observation {
  return {
    act: 'publish',
    exchange: 'payments',
    routingKeys: ['charge'],
    properties: {},
    headers: {},
    body: Buffer.from(body),
    routedQueues: ['charges'],
    connection: 'a -> b',
    channel: 1,
    ...more,
  };
}

/** The same message, handed out by a queue. */
export function delivered(from: Observation, queue: string, more: Partial<Observation> = {}): Observation {
  return { ...from, act: 'deliver', queue, redelivered: false, routedQueues: undefined, ...more };
}

/** Headers of a message that died. */
export function died(
  queue: string,
  reason: string,
  exchange = 'payments',
  key = 'charge',
): Record<string, unknown> {
  return {
    'x-death': [
      {
        count: 1,
        reason,
        queue,
        time: { '!': 'timestamp', value: 1_700_000_000 },
        exchange,
        'routing-keys': [key],
      },
    ],
    'x-first-death-exchange': exchange,
    'x-first-death-queue': queue,
    'x-first-death-reason': reason,
  };
}
