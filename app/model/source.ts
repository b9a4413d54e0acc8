import type { ZodType } from 'zod';
import type { Coverage, Delivery, Topology } from './delivery.ts';
import type { KeyEdit } from './key-edit.ts';
import type { LinkEdit } from './link-edit.ts';
import type { Channel, RawMessage, System } from './message.ts';

/**
 * The one interface that every connector implements, and that wrappers (decode, replay) implement again.
 *
 * Ordering contract: items of one channel partition come in the order of their positions. A source never throws for a
 * bad message: it yields an alert and goes on. It throws `ConnectionError` when the connection is lost; the pipeline
 * then opens it again and resumes from the last stored positions.
 */

/** What connection problems come down to; each has a remedy in plain words. */
export type ConnectionErrorCode =
  | 'unreachable'
  | 'host-not-found'
  | 'timeout'
  | 'wrong-protocol'
  | 'authentication'
  | 'authorization'
  | 'tls'
  | 'not-found'
  | 'invalid-options'
  | 'unsupported'
  | 'lost'
  | 'internal';

/** A vendor's error, translated once in its connector. `message` says what and where, `remedy` what to do. Never holds a secret. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: ConnectionErrorCode;
  readonly remedy: string;
  /** Whether trying again by itself can help (unreachable: yes; a wrong password: no). */
  readonly retryable: boolean;
  constructor(
    code: ConnectionErrorCode,
    message: string,
    remedy: string,
    options?: { retryable?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options?.cause });
    this.code = code;
    this.remedy = remedy;
    this.retryable =
      options?.retryable ?? ['unreachable', 'timeout', 'lost', 'host-not-found'].includes(code);
  }
}

/** Something noteworthy that is not an event and does not end the stream. */
export interface Alert {
  readonly kind: 'alert';
  /** A later alert of the same id replaces this one: for what goes on, and changes its number. */
  readonly id?: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly channel?: Channel;
  readonly time: number;
}

/**
 * What a source reports beside messages. A `checkpoint` names what was read, per channel and partition: the offset to
 * read next (Kafka: next offset; stream: last entry id). It comes in the same batch as the messages that it covers, behind
 * them: the pipeline stores both in one transaction.
 */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  readonly channel: Channel;
  readonly partition?: number;
  readonly next: string;
}

export type SourceItem =
  RawMessage | Delivery | Topology | Coverage | Checkpoint | Alert | KeyEdit | LinkEdit;

/** A channel that could be read. */
export interface ChannelInfo {
  readonly channel: Channel;
  readonly partitions?: number;
  /** Events it holds now, where the system says so cheaply. */
  readonly held?: number;
  /** Internal channels (`__consumer_offsets`, `amq.*`) are offered last and not chosen by default. */
  readonly internal?: boolean;
  /** How it would be observed and what that does, e.g. `tap queue` or `firehose`. */
  readonly means?: string;
}

/** Something that observing changes on a broker; listed to the user before it happens, journalled, undone on disconnect. */
export interface SideEffect {
  /** Machine-readable, so that it can be undone after a crash, e.g. `rabbitmq.queue`. */
  readonly type: string;
  /** What to undo, e.g. the queue's name. Holds no secret. */
  readonly target: string;
  /** In plain words: what is made or changed, and what it costs. */
  readonly description: string;
  /** The command with which a person undoes it, where Headwater cannot. */
  readonly undoByHand?: string;
}

/** Written before a side effect happens, ticked off after it was undone; survives a crash. */
export interface Journal {
  record(effect: SideEffect): Promise<void>;
  done(effect: SideEffect): Promise<void>;
}

export interface Capabilities {
  /** Resumes from a position without loss. False: what passes while detached is a gap. */
  readonly resumes: boolean;
  /** Can scan the past for a key. */
  readonly looksBack: boolean;
  /** Can start from the earliest or from a time. */
  readonly history: boolean;
}

/** Static description of a connector. `options` becomes the form, as JSON Schema over RPC. */
export interface ConnectorDescription {
  /** `demo` is no broker: it plays messages of several systems, and is not offered among them. */
  readonly system: System | 'demo';
  readonly title: string;
  /** URL protocols without the colon: `kafka`, `kafka+ssl`. */
  readonly protocols: readonly string[];
  readonly example: string;
  readonly capabilities: Capabilities;
  /** Query parameters and other options a URL may carry. */
  readonly options: ZodType;
}

/** Where to start on a channel that has no stored position. A number is epoch ms. */
export type StartFrom = 'earliest' | 'latest' | number;

export interface ReadRequest {
  /** Chosen channel names; `all` means all that are not internal, also those that appear later. */
  readonly channels: 'all' | readonly string[];
  readonly from: StartFrom;
  /** Stored positions from an earlier run. They win over `from`. */
  readonly resume: readonly Checkpoint[];
  /** Channels without positions that were listened to before. Those still chosen are listened to again, and say so. */
  readonly known?: readonly Channel[];
  readonly signal: AbortSignal;
}

export interface LookBackRequest {
  readonly channels: 'all' | readonly string[];
  /** The value to find, in key, headers or payload. */
  readonly value: string;
  readonly from?: number;
  readonly to?: number;
  readonly signal: AbortSignal;
}

/** How far a scan is. `total` may be an estimate; it never shrinks below `scanned`. */
export interface Progress {
  readonly kind: 'progress';
  readonly channel: Channel;
  readonly partition?: number;
  readonly scanned: number;
  readonly total?: number;
  readonly matched: number;
  /** e.g. `only partition 3, to which the default partitioner hashes the key`. */
  readonly note?: string;
}

/** An open connection to one system. */
export interface Source {
  /** Lists channels, the user's to choose from. */
  discover(signal: AbortSignal): Promise<readonly ChannelInfo[]>;
  /** What `read` with these channels would change on the broker; touches nothing. */
  sideEffects(channels: 'all' | readonly string[]): Promise<readonly SideEffect[]>;
  /**
   * Batches, in order; the consumer paces the producer. The first one, which may be empty, says that reading has begun.
   * Ends when the signal aborts, after undoing its side effects.
   */
  read(request: ReadRequest): AsyncIterable<readonly SourceItem[]>;
  /** Yields only matching messages, with progress and coverage. */
  lookBack?(request: LookBackRequest): AsyncIterable<readonly (RawMessage | Progress | Coverage | Alert)[]>;
  /** Undoes what is left and closes. Safe to call twice. */
  close(): Promise<void>;
}

/** What a connector gets. `secret` is the password; it appears in no message, log or URL. */
export interface SourceConfig {
  readonly connection: string;
  /** The URL without its password. */
  readonly url: string;
  readonly secret?: string;
  readonly cluster: string;
  readonly journal: Journal;
  readonly now: () => number;
}

export interface Connector {
  readonly description: ConnectorDescription;
  /**
   * The id of a connection to this URL, where its positions are Headwater's own and not a broker's: removed and added
   * again it goes on where it was, and added twice it is one. @throws ConnectionError
   */
  identify?(url: string): string;
  /** Connects and authenticates within a few seconds, or throws `ConnectionError`. */
  open(config: SourceConfig, signal: AbortSignal): Promise<Source>;
  /** Undoes a journalled effect that a crash left behind; resolves also when it is already gone. */
  undo?(config: SourceConfig, effect: SideEffect, signal: AbortSignal): Promise<void>;
}
