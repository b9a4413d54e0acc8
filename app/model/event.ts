import type { Channel, Header, Json, Position, RawMessage } from './message.ts';

/** What the bytes of a payload turned out to be. `truncated` output never is: payloads are stored whole. */
export type PayloadFormat = 'json' | 'text' | 'binary' | 'empty' | 'tombstone';

export interface Payload {
  readonly format: PayloadFormat;
  /** The text as decoded, for json and text. */
  readonly text?: string;
  /** The bytes, for binary only. */
  readonly bytes?: Uint8Array;
  /** Size on the wire, bytes, before decompression. */
  readonly size: number;
  /** How it was unwrapped, outermost first: `gzip`, `cloudevents`, … */
  readonly unwrapped?: readonly string[];
}

/** A raw message whose payload is understood. `json` lives only until facts are extracted; it is never stored. */
export interface DecodedMessage extends Omit<RawMessage, 'body'> {
  readonly payload: Payload;
  readonly json?: Json;
  /** What was wrong with it: bad compression, invalid UTF-8 … A bad message is data, never an exception. */
  readonly problems?: readonly string[];
}

/** How a key came to be known; what it is worth when joining follows from this and from the key's name. */
export type KeyOrigin = 'header' | 'property' | 'payload' | 'message-key' | 'trace-context';

/** A named value that ties events together: `orderId=12345`. Values are text; numbers are written as in JSON. */
export interface CorrelationKey {
  readonly name: string;
  readonly value: string;
  readonly origin: KeyOrigin;
  /** Where it was found, for the "why?" of a membership: a header's name or a payload path such as `data.order.id`. */
  readonly path: string;
  /**
   * `joins`: ties the events that carry it into one trace. `member`: searchable, lists the event under the key, never
   * joins (accounts, customers, a value out of a batch's list). `found`: it looks like an id, under a name that says
   * nothing; many events decide whether it joins.
   */
  readonly role: 'joins' | 'member' | 'found';
}

/** What correlation knows of an event: pure function of the decoded message. Stored beside it, so that traces can be rebuilt. */
export interface Facts {
  readonly type?: string;
  readonly producer?: string;
  /** Ids by which other events may name this one: message id, CloudEvents id … */
  readonly ids: readonly string[];
  /** Ids of other events that this one names as its cause, with the header that says so. */
  readonly causes: readonly {
    readonly id: string;
    readonly path: string;
    readonly evidence: 'causation-header' | 'reply-to' | 'dead-letter';
    /** The id is the correlation id that the cause carries, and not its message id (MassTransit). */
    readonly by?: 'correlation-id';
  }[];
  /**
   * Trace context in W3C's form, lower-case hex, whatever its notation was. `spanId` is what `traceparent` names: the
   * sender's span; `parentSpanId` the one that this is a child of, where the notation has it.
   */
  readonly trace?: { readonly traceId: string; readonly spanId?: string; readonly parentSpanId?: string };
  /** When it was sent as its framework says, by the sender's clock, epoch ms. */
  readonly sentAt?: number;
  /** How often it had been tried before, as its framework counts. */
  readonly attempt?: number;
  /** Of an event without a type: the same for events whose payloads have the same fields. */
  readonly shape?: string;
  readonly keys: readonly CorrelationKey[];
}

/** One message as recorded: what a connector saw, what it says, and the number the store knows it by. */
export interface Event {
  /** Number in order of recording, unique in a store, never reused. */
  readonly seq: number;
  /** The event's name, unique in a store: given, or by position, or by message id, or by content and time. */
  readonly id: string;
  /** Which connection observed it. */
  readonly connection: string;
  readonly channel: Channel;
  readonly position?: Position;
  readonly time: number;
  readonly clock: RawMessage['clock'];
  readonly observedAt: number;
  readonly key?: string | Uint8Array;
  readonly routingKey?: string;
  readonly headers: readonly Header[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly notes?: Readonly<Record<string, Json>>;
  readonly payload: Payload;
  readonly problems?: readonly string[];
  readonly facts: Facts;
  /** The facts as text (facts-text.ts), where they were just extracted: it is stored, and kept by correlation. */
  readonly factsText?: string;
}
