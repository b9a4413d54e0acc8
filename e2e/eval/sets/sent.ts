import type { Data, Wire } from './lines.ts';

/** One business flow. */
export interface Flow {
  readonly number: number;
  /** Ids that it has made, by name. */
  readonly ids: Record<string, string>;
  readonly customer: string;
  readonly session: string;
  readonly country: string;
  readonly held: Map<string, Sent[]>;
}

export type Kind = 'event' | 'command' | 'request' | 'reply';

export interface SendOptions {
  /** Milliseconds until it is published, beyond the handling. */
  readonly after?: number;
  /** All that were needed for it, where the message in hand is not the only one. */
  readonly causes?: readonly Sent[];
  /** The one service it is for. */
  readonly to?: string;
  /** It is published at once, and handed out so many milliseconds later. */
  readonly holds?: number;
  /** What only the framework of this story understands. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Flows it belongs to, where it is more than the flow of the message in hand. */
  readonly flows?: readonly Flow[];
}

/** What a framework notes of a message for those that it causes. */
export type Meta = Record<string, string>;

/** A message on its way to the broker. */
export interface Outgoing {
  /** True time, in milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly type: string;
  readonly domain: string;
  readonly kind: Kind;
  /** What a Kafka key would be. */
  readonly key: string;
  readonly data: Data;
  readonly flow: Flow;
  readonly flows: readonly Flow[];
  /** The message in hand, whose context a framework hands on. */
  readonly handled?: Sent;
  readonly to?: string;
  /** It was sent for later, and that is how long it waited. */
  readonly waited: number;
  readonly options: SendOptions;
  readonly meta: Meta;
}

/** A message that was published; without `wire` nobody but its process saw it. */
export interface Sent extends Outgoing {
  readonly wire?: Wire;
  /** Seen ones only: what a message nobody saw was caused by stands for it. */
  readonly causes: readonly Sent[];
  readonly partition?: number;
  readonly offset?: string;
}

/** What a framework does with a message whose handling failed. */
export interface Retried {
  readonly wire: Wire;
  readonly meta: Meta;
  /** Milliseconds until it is published, and then until it is delivered again. */
  readonly after: number;
  readonly waits: number;
  /** It is given up: nobody handles the copy. */
  readonly dead: boolean;
}

export interface Failed {
  readonly sent: Sent;
  readonly by: string;
  readonly attempt: number;
  readonly reason: string;
  readonly at: number;
}
