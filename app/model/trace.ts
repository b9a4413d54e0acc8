import type { Facts } from './event.ts';
import type { Channel, Position, RawMessage, System } from './message.ts';

/** How a link is known. Explicit evidence has confidence 1; the rest is inferred and below 1. */
export type LinkEvidence =
  | 'causation-header'
  | 'trace-context'
  | 'span-link'
  | 'reply-to'
  | 'dead-letter'
  | 'retry'
  | 'duplicate'
  | 'key-and-time'
  /** The user said so. */
  | 'user';

/** Cause → effect between two events, by their numbers. Direct only, never transitive. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly evidence: LinkEvidence;
  /** 0 to 1; 1 only for explicit evidence. */
  readonly confidence: number;
  /** The proof in plain words, e.g. "header causation-id equals that event's id m1". */
  readonly why: string;
}

/** What correlation keeps of an event: enough to link and to join, no payload. */
export interface EventFacts {
  readonly seq: number;
  readonly id: string;
  readonly channel: Channel;
  readonly time: number;
  /** Whose clock `time` is. */
  readonly clock: RawMessage['clock'];
  /** Where it is on its channel, if that has positions: what comes before what, whatever clocks say. */
  readonly position?: Position;
  /** Of the message, as text, where it was just recorded: it shows what else its values are called. */
  readonly key?: string;
  readonly facts: Facts;
  /** The facts as text, where somebody has worked it out. */
  readonly factsText?: string;
}

/** The events of one flow. Keys that tie it come strongest first. */
export interface TraceSummary {
  readonly id: string;
  readonly keys: readonly { readonly name: string; readonly value: string }[];
  /** Epoch ms of the first and the last event. */
  readonly start: number;
  readonly end: number;
  readonly events: number;
  /** Number of distinct channels it passed. */
  readonly hops: number;
  readonly systems: readonly System[];
  /** An event of it was rejected or dead-lettered. */
  readonly failed: boolean;
}

/** A trace as correlation holds it: joined members, and members that are only attached (batches, hubs). */
export interface Trace {
  readonly summary: TraceSummary;
  readonly members: readonly number[];
  readonly links: readonly Link[];
}

/** What changed since the last update; written to the store as a whole. */
export interface TraceChanges {
  /** Traces made or changed. Their members and links replace what was stored. */
  readonly upserted: readonly Trace[];
  /** Traces that are no more; `into` where they were merged, so that their address redirects. */
  readonly removed: readonly { readonly id: string; readonly into?: string }[];
  /** Every event up to this number is reflected in what is stored once this change is. */
  readonly watermark: number;
}

/** A trace that left memory, as read back from the store. */
export interface StoredTrace {
  readonly id: string;
  readonly events: readonly EventFacts[];
  /** As in its summary; without it a trace that comes back and changes would be forgotten to have failed. */
  readonly failed?: boolean;
}

/** What correlation asks the store: traces whose events carry any of these key hashes. Batched. */
export type KeyLookUp = (hashes: readonly number[]) => Promise<readonly StoredTrace[]>;
