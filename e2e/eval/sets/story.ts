import type { Data } from './lines.ts';
import type { Flow, Kind, SendOptions, Sent } from './sent.ts';
import type { Rng } from './rng.ts';

/** What is known of a kind of message before any framework wraps it. */
export interface MessageType {
  readonly domain: string;
  readonly kind: Kind;
  /** The field of its data that a Kafka key would be. */
  readonly key: string;
  /** Handled at once, as by the script that published it. */
  readonly instant?: boolean;
}

/** A service with a message in hand. */
export interface Handling {
  readonly event: Sent;
  readonly data: Data;
  readonly flow: Flow;
  readonly service: string;
  readonly rng: Rng;
  send(type: string, data: Data, options?: SendOptions): void;
  /** Whether this attempt fails; then the framework does what it does with failures, and the handler must return. */
  fails(share: number, reason: string): boolean;
  /** Keeps a message for a fan-in, and says which of those named are there once all are. */
  together(name: string, needed: number): readonly Sent[] | undefined;
}

export interface Beginning {
  readonly flow: Flow;
  readonly rng: Rng;
  send(service: string, type: string, data: Data, options?: SendOptions): void;
}

/** A business process: its kinds of messages, which service does what on which, and how it begins. */
export interface Story {
  readonly types: Readonly<Record<string, MessageType>>;
  readonly handlers: Readonly<Record<string, Readonly<Record<string, (handling: Handling) => void>>>>;
  begin(beginning: Beginning): void;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
