import type { KeyEdit } from '../model/key-edit.ts';
import type { Channel } from '../model/message.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { Checkpoint } from '../model/source.ts';
import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { EventFacts, Link, StoredTrace, TraceChanges, TraceSummary } from '../model/trace.ts';

/**
 * Everything recorded, and what was worked out of it.
 *
 * The interface holds nothing that only an embedded store can do: batches in, typed rows out, numbers as cursors.
 * One process opens a store; everybody else asks that process.
 */

/** What one connection produced, to be stored in one transaction: all of it, or nothing. */
export interface StoreBatch {
  readonly events: readonly Event[];
  readonly deliveries: readonly Delivery[];
  readonly coverage: readonly Coverage[];
  /** Positions reached after these events; stored with them, so that a restart neither loses nor doubles. */
  readonly checkpoints: readonly Checkpoint[];
  readonly connection: string;
  /** Events may be stored already (a file read again, a look-back): those whose id is there are left out. */
  readonly mayRepeat?: boolean;
  /**
   * Once this batch is stored, so is everything with a number up to this one: batches of several connections come with
   * their numbers out of step. Without it, the highest of its numbers.
   */
  readonly settled?: number;
}

export interface AppendResult {
  /** Numbers of events that were left out because they were stored already. */
  readonly repeated: readonly number[];
}

export interface StoreState {
  /** The next event number to give. */
  readonly nextSeq: number;
  /** Events up to this number are reflected in traces. */
  readonly watermark: number;
  readonly events: number;
  /** Times of the earliest and the latest event, epoch ms, where there are any. */
  readonly first?: number;
  readonly last?: number;
  readonly bytes: number;
  readonly segments: number;
  /** What could not be opened or was removed by the size cap, in plain words. */
  readonly warnings: readonly string[];
}

/** What is to be known of a stored event from now on. */
export type FactsUpdate = Pick<Event, 'seq' | 'id' | 'facts'>;

/** Which traces to list. All conditions hold together. Times are epoch ms. */
export interface TraceFilter {
  /** Traces with an event that carries this value, under this name if given. */
  readonly keys?: readonly { readonly name?: string; readonly value: string }[];
  readonly status?: 'failed' | 'active' | 'stuck' | 'quiet';
  readonly systems?: readonly string[];
  readonly channels?: readonly string[];
  readonly types?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  /** What `active` and `stuck` are measured against. */
  readonly now: number;
}

/** Which events to list, in the words of `TraceFilter`; an event has the status of a trace that lists it. */
export type EventFilter = TraceFilter;

/** Which page of events: numbers are exclusive. With `after` it is the oldest that are newer. */
export interface EventRange {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
}

export interface ListedEvent extends EventHead {
  /** The trace that it is joined in, or else one that lists it. */
  readonly trace?: string;
  readonly hasProblems: boolean;
}

export interface EventPage {
  /** Newest first. */
  readonly rows: readonly ListedEvent[];
  /** Number of the newest event, whatever the filter; nothing older is still to come. */
  readonly newest: number;
  /** There are more in the direction that was asked for. */
  readonly more: boolean;
}

/** Equal stretches of time, epoch ms. */
export interface Buckets {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly buckets: number;
}

export interface EventCounts {
  readonly system: Channel['system'];
  readonly counts: readonly number[];
}

export interface TracePage {
  /** Newest last event first. */
  readonly rows: readonly TraceSummary[];
  readonly total: number;
  /** Traces left out since the keys asked for do not tie them: they only share an event that names many. */
  readonly alsoNaming?: number;
}

/** An event's outline, for lists and canvases: no payload. */
export interface EventHead extends EventFacts {
  readonly connection: string;
  readonly observedAt: number;
  readonly offset?: string;
  readonly partition?: number;
  readonly size: number;
  readonly format: Event['payload']['format'];
  readonly key?: string;
  /** The client connection that published it, where the broker tells. */
  readonly client?: string;
}

export interface TraceDetail {
  readonly summary: TraceSummary;
  readonly events: readonly EventHead[];
  readonly links: readonly Link[];
  /** Deliveries of its events, each with the event it is about. */
  readonly deliveries: readonly { readonly seq: number; readonly delivery: Delivery }[];
}

export interface EventDetail {
  readonly event: Event;
  readonly deliveries: readonly Delivery[];
  /** Links in and out, with the other end. */
  readonly links: readonly { readonly link: Link; readonly other: EventHead }[];
  readonly traces: readonly TraceSummary[];
}

/** Per connection and channel: what was seen, for topology and for the connections view. */
export interface ChannelActivity {
  readonly connection: string;
  readonly system: string;
  readonly cluster: string;
  readonly channel: string;
  readonly kind: string;
  readonly producer?: string;
  readonly events: number;
  readonly first: number;
  readonly last: number;
}

/** A stretch of time, epoch ms, both included; a side that is missing is open. */
export interface Times {
  readonly from?: number;
  readonly to?: number;
}

/** Deliveries of a channel's events to one consumer, counted: evidence that it consumes the channel. */
export interface Consumption {
  readonly channel: Channel;
  readonly consumer: string;
  readonly deliveries: number;
}

/** What waits for a consumer, as far as its deliveries tell; the longest first. */
export interface Waiting {
  /** Handed out one by one and not acknowledged; those that were recorded. */
  readonly inHand: readonly {
    readonly event: ListedEvent;
    /** When it was handed out last. */
    readonly since: number;
    readonly count?: number;
  }[];
  readonly inHandCount: number;
  /** Recorded events that it has not got to; absent where it is not known how far it has got. */
  readonly unread?: readonly ListedEvent[];
  readonly unreadCount?: number;
  /** Partitions with events where it is not known how far it has got. */
  readonly unknownPartitions?: number;
}

/** An event of a trace that a consumer was handed and has not acknowledged. */
export interface HeldEvent {
  readonly trace: string;
  /** Its name. */
  readonly event: string;
  readonly consumer: string;
  /** When it was handed out last, epoch ms. */
  readonly since: number;
}

export interface KeyHashPage {
  readonly hashes: Float64Array;
  /** Where the next page begins; absent after the last. */
  readonly next?: number;
}

export interface DeliveryPage {
  readonly rows: readonly { readonly connection: string; readonly delivery: Delivery }[];
  /** Where the next page begins; absent after the last. */
  readonly next?: number;
}

export interface TraceStore {
  state(): Promise<StoreState>;
  append(batch: StoreBatch): Promise<AppendResult>;
  applyTraces(changes: TraceChanges): Promise<void>;
  putTopology(connection: string, topology: Topology): Promise<void>;
  /** Keeps what the user says of keys. An older saying changes nothing. */
  putKeyEdits(edits: readonly KeyEdit[]): Promise<void>;

  /** Gives stored events other facts. They are found by them once `forgetTraces` is done. */
  rewriteFacts(updates: readonly FactsUpdate[]): Promise<void>;
  /** Forgets all traces: they are to be worked out again from the events. The watermark begins anew. */
  forgetTraces(): Promise<void>;
  /** Keeps what the user says of links. An older saying changes nothing. */
  putLinkEdits(edits: readonly LinkEdit[]): Promise<void>;

  checkpoints(connection: string): Promise<readonly Checkpoint[]>;
  /** For correlation: whole traces whose events carry any of these key hashes. */
  lookUpKeys(hashes: readonly number[]): Promise<readonly StoredTrace[]>;
  /** Facts of events with `seq > after` in order, at most `limit`: to catch up after a crash, or to rebuild. */
  factsAfter(after: number, limit: number): Promise<readonly EventFacts[]>;
  /**
   * Key hashes of everything stored, page by page (a cursor of 0 begins, `limit` is a hint), with repetitions; tells
   * correlation what is worth a look-up.
   */
  keyHashesAfter(cursor: number, limit: number): Promise<KeyHashPage>;

  listTraces(filter: TraceFilter, limit: number, offset: number): Promise<TracePage>;
  listEvents(filter: EventFilter, range: EventRange): Promise<EventPage>;
  /** How many events there are in each stretch, per system that has any. */
  countEvents(filter: EventFilter, buckets: Buckets): Promise<readonly EventCounts[]>;
  /** Follows redirects of merged traces. */
  trace(id: string): Promise<TraceDetail | undefined>;
  /** Several traces in one read, in the order asked; those that are not there are left out. For listings of everything. */
  traces(ids: readonly string[]): Promise<readonly TraceDetail[]>;
  event(id: string): Promise<EventDetail | undefined>;
  topologies(): Promise<ReadonlyMap<string, Topology>>;
  /** All that the user said of keys, also what was undone. */
  keyEdits(): Promise<readonly KeyEdit[]>;
  /** All that the user said of links, also what was undone. */
  linkEdits(): Promise<readonly LinkEdit[]>;
  /** Of the events within those times, if any are given. */
  activity(times?: Times): Promise<readonly ChannelActivity[]>;
  consumption(): Promise<readonly Consumption[]>;
  waiting(subject: { channel: Channel; consumer: string; limit: number }): Promise<Waiting>;
  /** What consumers have in hand, with the traces that it is in, the longest first; of very many, the first 5,000. */
  held(): Promise<readonly HeldEvent[]>;
  coverage(
    connection?: string,
  ): Promise<readonly { readonly connection: string; readonly coverage: Coverage }[]>;
  /**
   * Events with `seq > after` in order of their numbers, at most `limit` and fewer where they are large, none only after
   * the last: for captures and exports.
   */
  exportEventsAfter(after: number, limit: number): Promise<readonly Event[]>;
  /** Deliveries in order of recording, for captures and exports. A cursor of 0 begins. */
  exportDeliveriesAfter(cursor: number, limit: number): Promise<DeliveryPage>;

  /** Seals, checkpoints and closes. */
  close(): Promise<void>;
}
