/**
 * What a connector observes on the wire, before anything is understood of it.
 *
 * Bytes stay bytes here: decoding is a wrapper of its own (app/decode), so that a connector is only about its
 * broker. Names are AsyncAPI's where it has one (channel, message), else DESIGN's vocabulary.
 */

/** The systems that carry events. `file` and `demo` connections replay messages of one of these. */
export type System = 'kafka' | 'rabbitmq' | 'redis' | 'aws';

/** What sort of channel it is, where a system has several. */
export type ChannelKind =
  'topic' | 'exchange' | 'queue' | 'stream' | 'pubsub' | 'list' | 'sns-topic' | 'sqs-queue';

/** Where events are published. `cluster` tells two brokers of one system apart; it defaults to `default`. */
export interface Channel {
  readonly system: System;
  readonly cluster: string;
  readonly name: string;
  readonly kind: ChannelKind;
}

/**
 * What identifies an event on its channel. Kafka: partition and offset (decimal text, since offsets exceed 2^53).
 * Redis streams: the entry id as offset. Others have none: the event is then named by message id or content and time.
 */
export interface Position {
  readonly partition?: number;
  readonly offset?: string;
}

/** A header, in wire order; names may repeat. A value that is not valid UTF-8 is kept as bytes. */
export type Header = readonly [name: string, value: string | Uint8Array];

/** What stands where a value was masked, whatever its type was: a zero would be believed. It is no key and no name. */
export const maskedText = '[masked]';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One message as observed, undecoded. */
export interface RawMessage {
  readonly kind: 'message';
  readonly channel: Channel;
  readonly position?: Position;
  /** The event's name if its source gives one (import lines, RabbitMQ message ids); else it follows from the position. */
  readonly id?: string;
  /** When it was published, epoch milliseconds (may have a fraction); the best that the system knows. */
  readonly time: number;
  /** Whose clock `time` is: the broker's, the producer's, or ours on arrival. */
  readonly clock: 'broker' | 'producer' | 'observer';
  /** When Headwater received it, epoch milliseconds. */
  readonly observedAt: number;
  readonly key?: string | Uint8Array;
  readonly routingKey?: string;
  readonly headers: readonly Header[];
  /** Protocol properties beside the headers: AMQP basic properties (snake_case names, as in the specification). */
  readonly properties?: Readonly<Record<string, Json>>;
  /** null is a tombstone (Kafka) and differs from an empty body. */
  readonly body: Uint8Array | string | null;
  /**
   * Only where the body comes out of a recording (a capture, an exported line) or was masked: it was unwrapped then, in
   * these steps, outermost first, from `size` bytes on the wire, and these were its problems. Decoding does not unwrap
   * it again.
   */
  readonly recorded?: {
    readonly unwrapped: readonly string[];
    readonly size: number;
    readonly problems?: readonly string[];
  };
  /** Who published it, only where the system itself says so (a RabbitMQ connection name, an import line). */
  readonly producer?: string;
  /** Facts about this very observation that the inspector shows: node, user, vhost, transaction … */
  readonly notes?: Readonly<Record<string, Json>>;
}

/** The name of an event by its position: `kafka/prod/orders/3/1042`, `redis/prod/orders/1795414165291-0`. */
export function positionName(channel: Channel, { partition, offset }: Position): string {
  let name = `${channel.system}/${channel.cluster}/${channel.name}`;
  if (partition !== undefined) name += `/${partition}`;
  if (offset !== undefined) name += `/${offset}`;
  return name;
}
