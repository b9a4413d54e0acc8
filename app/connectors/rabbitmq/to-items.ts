import type { Channel, Json, RawMessage } from '../../model/message.ts';
import { textOf, toHeaders, toJson } from './amqp-value.ts';
import type { Origin } from './deaths.ts';
import type { OpenDelivery } from './delivery-desk.ts';
import { defaultExchange, type EventMemory, type Recognised } from './event-memory.ts';
import type { Observation } from './observation.ts';

/** What turning observations into messages and deliveries needs to know. */
export interface Context {
  readonly cluster: string;
  readonly memory: EventMemory;
  /** The client's own name of the connection that RabbitMQ calls `127.0.0.1:1234 -> 127.0.0.1:5672`. */
  readonly nameOf: (connection: string | undefined) => string | undefined;
  /** Whether what is published there was asked for. */
  readonly wanted: (channel: Channel) => boolean;
  /** Queues of our own, which are no part of what is observed. */
  readonly isOurs: (queue: string) => boolean;
  readonly now: () => number;
}

/**
 * The channel of what is published to an exchange. A publish to the default exchange goes straight to the queue that
 * its routing key names: that queue is the channel. Reply queues of RPC clients are one channel.
 */
export function channelOf(cluster: string, origin: Origin): Channel {
  if (origin.exchange !== '') {
    return { system: 'rabbitmq', cluster, name: origin.exchange, kind: 'exchange' };
  }
  const replyTo = 'amq.rabbitmq.reply-to';
  const name = origin.routingKey.startsWith(`${replyTo}.`) ? replyTo : origin.routingKey;
  return { system: 'rabbitmq', cluster, name: name === '' ? defaultExchange : name, kind: 'queue' };
}

/** One observation as what it tells: a message, and deliveries. */
export interface Items {
  readonly message?: RawMessage;
  readonly deliveries: readonly OpenDelivery[];
}

const nothing: Items = { deliveries: [] };

/** Turns an observation into items; none where its channel was not asked for. */
export function toItems(seen: Observation, context: Context): Items {
  const now = context.now();
  if (seen.queue !== undefined && context.isOurs(seen.queue)) return nothing;
  const known = seen.act === 'publish' ? context.memory.publish(seen, now) : context.memory.follow(seen, now);
  const channel = channelOf(context.cluster, known.origin);
  if (!context.wanted(channel)) return nothing;
  return {
    message: known.isNew ? toMessage(seen, known, channel, context, now) : undefined,
    deliveries: [...deadLetterings(known, now), ...handOver(seen, known, now)],
  };
}

function deadLetterings(known: Recognised, now: number): readonly OpenDelivery[] {
  return known.deaths.map(({ client, queue, reason, seconds }) => ({
    client,
    delivery: {
      kind: 'delivery',
      subject: { event: known.id },
      consumer: queue,
      status: 'dead-lettered',
      evidence: 'dead-letter-header',
      // The header has whole seconds.
      ...(seconds === undefined ? { time: now } : { after: seconds * 1000, before: seconds * 1000 + 1000 }),
      via: `${queue} (${reason})`,
    },
  }));
}

function handOver(seen: Observation, known: Recognised, now: number): readonly OpenDelivery[] {
  const { queue, connection, channel } = seen;
  if (queue === undefined) return [];
  return [
    {
      client: { connection, channel, queue },
      delivery: {
        kind: 'delivery',
        subject: { event: known.id },
        consumer: queue,
        status: seen.redelivered ? 'redelivered' : 'delivered',
        evidence: 'firehose',
        time: now,
        via: queue,
      },
    },
  ];
}

function toMessage(
  seen: Observation,
  known: Recognised,
  channel: Channel,
  context: Context,
  now: number,
): RawMessage {
  const stamped = timeInHeaders(seen);
  return {
    kind: 'message',
    channel,
    id: known.id,
    time: stamped?.time ?? now,
    clock: stamped?.clock ?? 'observer',
    observedAt: now,
    routingKey: known.origin.routingKey,
    headers: toHeaders(seen.headers),
    properties: seen.properties,
    body: seen.body,
    // Whoever handled a delivery did not publish it.
    producer: seen.act === 'publish' ? context.nameOf(seen.connection) : undefined,
    notes: notesOf(seen, context),
  };
}

/** The property `timestamp` has whole seconds only; these headers have milliseconds. */
function timeInHeaders(
  seen: Observation,
): { readonly time: number; readonly clock: RawMessage['clock'] } | undefined {
  // Set by the broker's message timestamp plugin.
  const broker = seen.headers['timestamp_in_ms'];
  if (typeof broker === 'number' && broker > 0) return { time: broker, clock: 'broker' };
  const producer = Number(textOf(seen.headers['x-timestamp-in-ms']) ?? seen.headers['x-timestamp-in-ms']);
  return producer > 0 ? { time: producer, clock: 'producer' } : undefined;
}

const howItWasSeen = {
  publish: undefined,
  deliver: 'first seen when delivered',
  'dead-letter': 'first seen when dead-lettered',
};

function notesOf(seen: Observation, context: Context): Readonly<Record<string, Json>> {
  const { act, node, vhost, connection, channel, user, routedQueues, queue } = seen;
  const own: Record<string, unknown> = {
    note: howItWasSeen[act],
    node,
    vhost,
    connection,
    channel,
    user,
    routed_queues: routedQueues?.filter((q) => !context.isOurs(q)),
    routing_keys: seen.routingKeys.length > 1 ? [...seen.routingKeys] : undefined,
    queue,
  };
  return Object.fromEntries(
    Object.entries(own)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toJson(value)]),
  );
}
