import type { Channel, ChannelKind } from './message.ts';

export type DeliveryStatus =
  'delivered' | 'acknowledged' | 'redelivered' | 'rejected' | 'dead-lettered' | 'pending';

/** How a delivery is known; its precision follows from it. */
export type DeliveryEvidence =
  'offset-commit' | 'firehose' | 'pending-entries' | 'monitor' | 'span' | 'dead-letter-header' | 'import';

/**
 * Which events a delivery is about: one event by its name, or every event of a partition in a half-open range of offsets
 * (a Kafka commit acknowledges a range; writing one fact an event would cost more than the events).
 */
export type DeliverySubject =
  | { readonly event: string }
  | {
      readonly channel: Channel;
      readonly partition?: number;
      readonly fromOffset: string;
      readonly toOffset: string;
    };

/** A participant was handed, acknowledged, rejected … an event. It has `time`, or an interval `after`–`before`; epoch ms. */
export interface Delivery {
  readonly kind: 'delivery';
  readonly subject: DeliverySubject;
  readonly consumer: string;
  readonly status: DeliveryStatus;
  readonly evidence: DeliveryEvidence;
  readonly time?: number;
  readonly after?: number;
  readonly before?: number;
  /** The queue or group it went through, where that differs from the consumer's name. */
  readonly via?: string;
  /** How often the event had been handed out by then, where the system counts. */
  readonly count?: number;
}

/** A consumer reads from a channel. Evidence for inferring that an effect came from a consumer of its cause. */
export interface Subscription {
  readonly kind: 'subscription';
  readonly channel: Channel;
  readonly consumer: string;
  /** Events not yet acknowledged by this consumer, where the system says so. */
  readonly lag?: number;
  /** e.g. group state, number of members. */
  readonly detail?: string;
}

/** What a broker itself moves: exchange → queue, exchange → exchange, queue → dead-letter exchange. */
export interface Binding {
  readonly kind: 'binding';
  readonly channel: Channel;
  readonly to: string;
  readonly toKind: ChannelKind;
  readonly routingKey?: string;
  readonly deadLetter?: boolean;
}

/** A client's name that became known late: what its events say in their note `connection`, the name, and since when. */
export interface ClientName {
  readonly client: string;
  readonly name: string;
  /** Epoch ms. Addresses are used again: it holds for what was observed shortly before. */
  readonly at: number;
}

/** The consumers and wiring of one connection at a moment; a later one replaces it. */
export interface Topology {
  readonly kind: 'topology';
  readonly observedAt: number;
  readonly channels: readonly Channel[];
  readonly subscriptions: readonly Subscription[];
  readonly bindings: readonly Binding[];
  /** Names that became known only after events were recorded without a producer. Those of earlier topologies stay known. */
  readonly clients?: readonly ClientName[];
}

/** What of a channel was read, or was not. `read` marks grow; gaps say why in `reason`. Times are epoch ms. */
export interface Coverage {
  readonly kind: 'coverage';
  readonly channel: Channel;
  readonly partition?: number;
  readonly state: 'read' | 'gap' | 'dropped' | 'sampled';
  readonly fromOffset?: string;
  /** Exclusive. */
  readonly toOffset?: string;
  readonly from?: number;
  readonly to?: number;
  /** How many events are missing, where that is known. */
  readonly count?: number;
  readonly reason?: string;
}
