import type { ConsumeMessage } from 'amqplib';
import { deathsOf } from './deaths.ts';
import { secondsOf, tableOf, textOf, toJson, type AmqpTable } from './amqp-value.ts';
import type { Json } from '../../model/message.ts';

/**
 * A message as RabbitMQ showed it, by the firehose or by a tap: published to an exchange, handed to a consumer, or
 * (tap only) moved to a dead-letter exchange by the broker.
 */
export interface Observation {
  readonly act: 'publish' | 'deliver' | 'dead-letter';
  /** The exchange; '' is the default one. */
  readonly exchange: string;
  /** The message's routing key, then those of CC and BCC. */
  readonly routingKeys: readonly string[];
  /** AMQP basic properties, snake case, without headers. */
  readonly properties: Readonly<Record<string, Json>>;
  readonly headers: AmqpTable;
  readonly body: Uint8Array;
  /** Deliver only: from which queue. */
  readonly queue?: string;
  readonly redelivered?: boolean;
  /** Firehose only. Publish: the queues it was routed to. */
  readonly routedQueues?: readonly string[];
  readonly connection?: string;
  readonly channel?: number;
  readonly node?: string;
  readonly vhost?: string;
  readonly user?: string;
}

/** The exchange to which RabbitMQ copies messages while tracing is on. */
export const traceExchange = 'amq.rabbitmq.trace';

/** Reads a message of the firehose; undefined where it is none that RabbitMQ made. */
export function readTrace(message: ConsumeMessage): Observation | undefined {
  const match = /^(publish|deliver)\.([\s\S]*)$/.exec(message.fields.routingKey);
  const head = tableOf(message.properties.headers);
  const { headers, ...properties } = tableOf(head.properties);
  const exchange = textOf(head.exchange_name);
  if (!match || exchange === undefined) return undefined;
  const act = match[1] === 'publish' ? 'publish' : 'deliver';
  return {
    act,
    exchange,
    routingKeys: texts(head.routing_keys),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, v]) => [name, propertyOf(name, v)]),
    ),
    headers: tableOf(headers),
    body: message.content,
    queue: act === 'deliver' ? match[2] : undefined,
    redelivered: act === 'deliver' ? head.redelivered === 1 || head.redelivered === true : undefined,
    routedQueues: act === 'publish' ? texts(head.routed_queues) : undefined,
    connection: textOf(head.connection),
    channel: typeof head.channel === 'number' ? head.channel : undefined,
    node: textOf(head.node),
    vhost: textOf(head.vhost),
    user: textOf(head.user),
  };
}

/**
 * Reads a copy that a tap received: the message itself. A publisher that sends a dead-lettered message again keeps its
 * `x-death` header, so that alone does not tell what the broker moved: `isDeadLetterExchange` says whether the
 * exchange is where the messages of a queue go when they die.
 */
export function readTap(
  message: ConsumeMessage,
  isDeadLetterExchange: (exchange: string, ofQueue: string) => boolean,
): Observation {
  const { headers, ...own } = message.properties;
  const properties: Record<string, Json> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || value === null) continue;
    properties[name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`)] = propertyOf(name, value);
  }
  const table = tableOf(headers);
  const { exchange, routingKey } = message.fields;
  const death = deathsOf(table)[0];
  return {
    act: death && isDeadLetterExchange(exchange, death.queue) ? 'dead-letter' : 'publish',
    exchange,
    routingKeys: [routingKey],
    properties,
    headers: table,
    body: message.content,
  };
}

function propertyOf(name: string, value: unknown): Json {
  // Seconds, as in the protocol, whichever way they were encoded.
  return name === 'timestamp' ? (secondsOf(value) ?? toJson(value)) : toJson(value);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
}
