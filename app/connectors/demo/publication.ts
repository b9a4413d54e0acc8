import type { Header, Json } from '../../model/message.ts';
import type { Place, Service } from './shop.ts';

/** A message as its client writes it, before a broker gives it a position. */
export interface Content {
  readonly key?: string;
  readonly routingKey?: string;
  readonly headers?: readonly Header[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly body: string;
}

/** What an event is about, as the service knows it that sends it, whether or not the message says so. */
export interface About {
  readonly orderId?: string;
  readonly orderIds?: readonly string[];
  readonly accountId?: string;
}

/** What a queue's or group's consumer does with an event, where that is out of the ordinary. */
export interface Handling {
  /** When it is done with it, epoch ms; `never` keeps it in hand. */
  readonly doneAt?: number | 'never';
  /** Handed out once more at this time. */
  readonly againAt?: number;
  /** Rejected at this time, and dead-lettered. */
  readonly rejectedAt?: number;
  /** The consumer within its group. */
  readonly consumer?: string;
}

/** One event that a service publishes. */
export interface Publication {
  /** Names it within the play: `12345/placed`. */
  readonly ref: string;
  readonly at: number;
  readonly service: Service;
  readonly type: string;
  readonly to: Place;
  readonly about: About;
  /** Refs of the events that made it happen. */
  readonly causes: readonly string[];
  readonly content: Content;
  /** By queue or group. */
  readonly handled?: Readonly<Record<string, Handling>>;
}
