import { oc } from '@orpc/contract';
import { z } from 'zod';

/**
 * Everything that a page may ask of the engine, and see of it. Both ends of the RPC are derived from this file.
 *
 * Nothing is pushed: `changes` answers when something became dirty, and the page pulls the rows that it shows. Times
 * are epoch milliseconds. No secret ever appears in an output.
 */

const system = z.enum(['kafka', 'rabbitmq', 'redis', 'aws']);
const channelKind = z.enum([
  'topic',
  'exchange',
  'queue',
  'stream',
  'pubsub',
  'list',
  'sns-topic',
  'sqs-queue',
]);
const keyValue = z.object({ name: z.string(), value: z.string() });
const channelDto = z.object({ system, cluster: z.string(), name: z.string(), kind: channelKind });

const traceStatus = z.enum(['failed', 'active', 'stuck', 'quiet']);

export const traceRow = z.object({
  id: z.string(),
  /** Strongest first; the first names the row: `orderId=12345`. */
  keys: z.array(keyValue),
  /** Without keys: its first event, which names it then. */
  name: z.string().optional(),
  start: z.number(),
  end: z.number(),
  status: traceStatus,
  events: z.number(),
  hops: z.number(),
  systems: z.array(system),
  /** An event of it that a consumer was handed, `since` when, and has not acknowledged; of several, the first. */
  pending: z.object({ event: z.string(), consumer: z.string(), since: z.number() }).optional(),
});

export const eventHead = z.object({
  id: z.string(),
  channel: channelDto,
  partition: z.number().optional(),
  offset: z.string().optional(),
  type: z.string().optional(),
  /** Who published it; `inferred` when only the flow suggests so. */
  producer: z.object({ name: z.string(), inferred: z.boolean() }).optional(),
  time: z.number(),
  clock: z.enum(['broker', 'producer', 'observer']),
  key: z.string().optional(),
  /** Of a key that is bytes. */
  keyEncoding: z.literal('base64').optional(),
  keys: z.array(keyValue),
  size: z.number(),
  format: z.enum(['json', 'text', 'binary', 'empty', 'tombstone']),
});

export const linkDto = z.object({
  from: z.string(),
  to: z.string(),
  evidence: z.string(),
  confidence: z.number(),
  /** The proof in plain words. */
  why: z.string(),
});

/** An event as an explanation names it. */
const eventRef = z.object({
  id: z.string(),
  type: z.string().optional(),
  channel: z.string(),
  time: z.number(),
});
/** Where an event carries a value: how it is known, and the header, property or path. */
const valuePlace = z.object({ origin: z.string(), path: z.string() });
const chainStep = z.object({
  event: eventRef,
  /** What ties it to the one before: a value that both carry, or a link of the user's. */
  by: z
    .union([
      keyValue.extend({ kind: z.literal('value'), from: valuePlace, to: valuePlace }),
      z.object({ kind: z.literal('user') }),
    ])
    .optional(),
});

/** Why there is a link between two events, or none. Texts are whole sentences. */
export const pairExplanation = z.object({
  /** The cause, or which of the two would be. */
  from: eventRef,
  to: eventRef,
  /** Absent where there is no link. */
  link: linkDto.pick({ evidence: true, confidence: true, why: true }).optional(),
  /** What the user said of it. */
  edit: z.enum(['confirm', 'add', 'cut']).optional(),
  answer: z.string(),
  reasons: z.array(z.string()),
  rule: z.object({ framework: z.string(), field: z.string(), source: z.string() }).optional(),
  /** What both carry, and what each of it does. */
  values: z.array(keyValue.extend({ from: valuePlace, to: valuePlace, ties: z.boolean(), text: z.string() })),
  /** The next best causes of the effect, the runner-up first. */
  others: z.array(
    z.object({
      event: eventRef,
      confidence: z.number(),
      why: z.string(),
      /** What speaks for the one that was chosen. */
      lost: z.string(),
    }),
  ),
  together: z.object({ same: z.boolean(), text: z.string(), chain: z.array(chainStep) }),
});

/** Why an event is in a trace. */
export const membershipExplanation = z.object({
  event: eventRef,
  how: z.enum(['joined', 'listed', 'alone']),
  answer: z.string(),
  chain: z.array(chainStep),
});

export const deliveryDto = z.object({
  event: z.string(),
  consumer: z.string(),
  via: z.string().optional(),
  status: z.enum(['delivered', 'acknowledged', 'redelivered', 'rejected', 'dead-lettered', 'pending']),
  evidence: z.string(),
  time: z.number().optional(),
  after: z.number().optional(),
  before: z.number().optional(),
});

/** Two clocks that differ, as links prove whose effect has an earlier time than its cause. */
const clockDifference = z.object({
  /** Whose clock it is that is behind, and whose is ahead. */
  behind: z.string(),
  ahead: z.string(),
  /** In words: `payments is 1.9 to 2.1 s behind orders`. */
  text: z.string(),
  /** By how much at least, and at most where that is known; ms. */
  least: z.number(),
  most: z.number().optional(),
  /** How many links prove it, of those that were looked at: of this trace and others. */
  links: z.number(),
  /** One of them, and the trace that shows it; absent where it is not in the store any more. */
  example: z.object({ trace: z.string(), cause: eventRef, effect: eventRef }).optional(),
});

export const traceDetail = z.object({
  trace: traceRow,
  events: z.array(eventHead),
  links: z.array(linkDto),
  deliveries: z.array(deliveryDto),
  /** Clocks that gave its events their times and are proven to differ. Times are as recorded all the same. */
  clocks: z.array(clockDifference),
});

export const eventDetail = z.object({
  head: eventHead,
  connection: z.string(),
  observedAt: z.number(),
  routingKey: z.string().optional(),
  /** Binary values are given in base64. */
  headers: z.array(z.object({ name: z.string(), value: z.string(), encoding: z.enum(['text', 'base64']) })),
  properties: z.record(z.string(), z.unknown()).optional(),
  notes: z.record(z.string(), z.unknown()).optional(),
  problems: z.array(z.string()),
  payload: z.object({
    format: eventHead.shape.format,
    /** The first part of the text, or base64 of the bytes; `payload` of the contract reads on. */
    text: z.string(),
    encoding: z.enum(['text', 'base64']),
    /** Bytes on the wire. */
    size: z.number(),
    /** Characters of the whole text (or base64), of which `text` is the beginning. */
    length: z.number(),
    unwrapped: z.array(z.string()),
  }),
  keys: z.array(
    keyValue.extend({ origin: z.string(), path: z.string(), role: z.enum(['joins', 'found', 'member']) }),
  ),
  deliveries: z.array(deliveryDto),
  links: z.array(linkDto.extend({ other: eventHead })),
  /** Links of it that the user cut. */
  cut: z.array(z.object({ from: z.string(), to: z.string(), other: eventHead })),
  traces: z.array(traceRow),
});

/** A row of the live tail. */
export const eventRow = eventHead.extend({
  /** Number in order of recording; grows. */
  seq: z.number(),
  /** The trace that it is joined in, or else one that lists it. */
  trace: z.string().optional(),
  /** Something was wrong with it: bad compression, invalid UTF-8 … */
  hasProblems: z.boolean(),
});

/** An event that a consumer was not yet done with. */
export const waitingEvent = z.object({
  event: eventRow,
  /** `unread`: behind the consumer's position. `pending`: handed out and not acknowledged. */
  state: z.enum(['unread', 'pending']),
  /** Since when it waits, epoch ms: when it was published, or when it was handed out. */
  since: z.number(),
  /** How often it was handed out, where the system counts. */
  deliveries: z.number().optional(),
});

/** Fields of payloads (`customer.email`, `items[].card`, `*.password`) and headers whose values are replaced before anything is written. */
export const maskInput = z.object({
  fields: z.array(z.string()),
  headers: z.array(z.string()),
  /** Payloads that are not JSON are kept; without it they are withheld where there are fields to mask. */
  keepUnreadable: z.boolean().optional(),
});

/** A problem as the user reads it: what happened, and what to do. */
export const problem = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/** A capture that is being written, or was. */
export const captureJob = z.object({
  id: z.string(),
  /** The file's name. */
  name: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Events written, of about so many. */
  written: z.number(),
  total: z.number(),
  /** Of the file, bytes, once it is whole. */
  bytes: z.number().optional(),
  problem: problem.optional(),
});

const sideEffect = z.object({
  type: z.string(),
  target: z.string(),
  description: z.string(),
  /** The command with which a person undoes it. */
  undoByHand: z.string().optional(),
});

export const channelChoice = z.object({
  channel: channelDto,
  partitions: z.number().optional(),
  held: z.number().optional(),
  internal: z.boolean(),
  means: z.string().optional(),
});

const channelState = z.object({
  channel: channelDto,
  events: z.number(),
  /** Events a second over the last ten seconds. */
  rate: z.number(),
  /** Gaps and drops, in plain words with their times. */
  gaps: z.array(
    z.object({
      from: z.number().optional(),
      to: z.number().optional(),
      count: z.number().optional(),
      reason: z.string(),
    }),
  ),
});

const startFrom = z.union([z.enum(['earliest', 'latest']), z.number()]);

export const connectionDto = z.object({
  id: z.string(),
  name: z.string(),
  system: z.union([system, z.literal('file'), z.literal('demo')]),
  /** Without its password. */
  url: z.string(),
  phase: z.enum(['connecting', 'live', 'reconnecting', 'failed', 'disconnected', 'done']),
  /** Why it is not live, if it is not. */
  problem: problem.optional(),
  /** `all`, or the chosen ones. */
  channels: z.union([z.literal('all'), z.array(z.string())]),
  from: startFrom,
  active: z.array(channelState),
  events: z.number(),
  rate: z.number(),
  /** What Headwater holds on this broker right now; empty when nothing. */
  sideEffects: z.array(sideEffect),
  alerts: z.array(
    z.object({ time: z.number(), severity: z.enum(['info', 'warning', 'error']), message: z.string() }),
  ),
  /** True where the password is gone (no key store has kept it) and must be typed again. */
  needsSecret: z.boolean(),
  /** Where its password is kept, if it has one: `memory` forgets it when the engine ends. */
  secretIn: z.enum(['key-store', 'memory']).optional(),
  /** What of its events is masked before it is written. */
  mask: maskInput.optional(),
  /** Of a file that is being read: events read, of about so many (unknown for message lines). */
  progress: z.object({ read: z.number(), total: z.number().optional() }).optional(),
  /** Of a capture: what it says of itself, known before its events are read. */
  capture: z
    .object({
      created: z.number(),
      events: z.number(),
      deliveries: z.number(),
      traces: z.number(),
      first: z.number().optional(),
      last: z.number().optional(),
      /** Values were masked when it was written. */
      masked: z.boolean(),
    })
    .optional(),
});

const connectionInput = z.object({
  name: z.string(),
  /** May carry a password; it goes to the engine once and never comes back. */
  url: z.string(),
  channels: z.union([z.literal('all'), z.array(z.string())]),
  from: startFrom,
  mask: maskInput.optional(),
});

export const lookBackDto = z.object({
  id: z.string(),
  key: z.string(),
  /** The time that is searched; open where it is missing. */
  from: z.number().optional(),
  to: z.number().optional(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  matched: z.number(),
  parts: z.array(
    z.object({
      connection: z.string(),
      channel: z.string(),
      partition: z.number().optional(),
      scanned: z.number(),
      total: z.number().optional(),
      matched: z.number(),
      note: z.string().optional(),
    }),
  ),
  problem: problem.optional(),
});

const participant = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['producer', 'consumer', 'both']),
});
const topologyDto = z.object({
  /** When this was worked out. */
  at: z.number(),
  participants: z.array(participant),
  channels: z.array(
    channelDto.extend({
      id: z.string(),
      events: z.number(),
      /** Events a second over the last ten seconds; of a time that is past, on average over it. */
      rate: z.number(),
      /** Time of the last event, where there is one. */
      last: z.number().optional(),
    }),
  ),
  edges: z.array(
    z.object({
      /** Stable as long as the edge is there. */
      id: z.string(),
      from: z.string(),
      to: z.string(),
      kind: z.enum(['publishes', 'consumes', 'routes', 'dead-letters']),
      events: z.number().optional(),
      /** Of a producer's edge: as of a channel, as far as events name it. */
      rate: z.number().optional(),
      /** Of a consumer's edge: events not yet acknowledged, where the system says so; only known of now. */
      lag: z.number().optional(),
      routingKey: z.string().optional(),
      evidence: z.string(),
    }),
  ),
});

const namedKey = z.object({
  name: z.string(),
  /** What the name alone says: believed, like a key, nothing, or named like what many flows share. */
  sort: z.enum(['trusted', 'named', 'found', 'shared-by-name']),
  /** What its values show. */
  verdict: z.enum(['key', 'shared', 'unsure']),
  /** Which of its values tie events: all, those that chance never repeats, none. */
  joins: z.enum(['all', 'random', 'none']),
  said: z.enum(['accept', 'reject']).optional(),
  fields: z.array(
    z.object({
      channel: channelDto,
      path: z.string(),
      origin: z.string(),
      verdict: z.enum(['key', 'shared', 'unsure']),
    }),
  ),
  /** Counts of values are estimates beyond some hundred. */
  values: z.number(),
  /** Values that tie events of different kinds. */
  tied: z.number(),
  /** Values that come again and again in events of one kind. */
  recurring: z.number(),
  /** Channels among which values tie. */
  channels: z.number(),
  examples: z.array(z.string()),
});

/** Names whose values are the same: one key. */
const keyGroup = z.object({ names: z.array(namedKey), common: z.number() });

const errors = { NOT_FOUND: { data: z.object({ remedy: z.string() }) }, REFUSED: { data: problem } };
const base = oc.errors(errors);

export const page = {
  info: base.output(
    z.object({
      version: z.string(),
      /** Changes when the engine starts anew: positions of `changes` begin again. */
      instance: z.string(),
      events: z.number(),
      /** Times of the earliest and the latest event, where there are any. */
      first: z.number().optional(),
      last: z.number().optional(),
      connections: z.number(),
      /** Worker restarts, set-aside logs: things that the user must know of. */
      warnings: z.array(z.string()),
    }),
  ),
  /** Answers once something changed after `since`; at most ten times a second; with nothing after 25 s. */
  changes: base.input(z.object({ instance: z.string().optional(), since: z.number() })).output(
    z.object({
      instance: z.string(),
      revision: z.number(),
      connections: z.boolean(),
      /** Some event was recorded. */
      events: z.boolean(),
      /** Some trace was made, changed, merged or split. */
      traces: z.boolean(),
      /** Which ones, newest last; incomplete when `more`. */
      traceIds: z.array(z.string()),
      more: z.boolean(),
    }),
  ),
  connections: {
    kinds: base.output(
      z.array(
        z.object({
          system,
          title: z.string(),
          protocols: z.array(z.string()),
          example: z.string(),
          capabilities: z.object({ resumes: z.boolean(), looksBack: z.boolean(), history: z.boolean() }),
          /** JSON Schema of the options that the URL's query may carry. */
          options: z.record(z.string(), z.unknown()),
        }),
      ),
    ),
    list: base.output(z.array(connectionDto)),
    /** Connects, looks, disconnects. Lists channels and what observing would change. */
    test: base.input(z.object({ url: z.string() })).output(
      z.union([
        z.object({
          ok: z.literal(true),
          system: z.union([system, z.literal('demo')]),
          channels: z.array(channelChoice),
          sideEffects: z.array(sideEffect),
          notes: z.array(z.string()),
        }),
        z.object({ ok: z.literal(false), problem }),
      ]),
    ),
    add: base.input(connectionInput).output(z.object({ id: z.string() })),
    /** Chooses other channels, or gives the password again, or renames. */
    change: base
      .input(z.object({ id: z.string() }).extend(connectionInput.partial().shape))
      .output(z.object({ id: z.string() })),
    /** Channels of a live connection, for choosing others. */
    discover: base.input(z.object({ id: z.string() })).output(z.array(channelChoice)),
    connect: base.input(z.object({ id: z.string() })).output(z.void()),
    disconnect: base.input(z.object({ id: z.string() })).output(z.void()),
    /**
     * Disconnects and forgets; what it recorded stays. Refused while something of ours is on the broker and cannot be
     * undone, unless `anyway`. With `withRecorded` what it recorded goes too, where nothing else was recorded beside it:
     * a store gives back whole stretches of time, not single connections.
     */
    remove: base
      .input(
        z.object({ id: z.string(), anyway: z.boolean().optional(), withRecorded: z.boolean().optional() }),
      )
      .output(z.void()),
  },
  lookBack: {
    start: base
      .input(
        z.object({
          key: z.string(),
          from: z.number().optional(),
          to: z.number().optional(),
          connections: z.array(z.string()).optional(),
        }),
      )
      .output(z.object({ id: z.string() })),
    list: base.output(z.array(lookBackDto)),
    cancel: base.input(z.object({ id: z.string() })).output(z.void()),
  },
  keys: {
    /** Names that hold keys, or may, the strongest first. */
    list: base.output(z.array(keyGroup)),
    /** Says that a name's values tie events, or do not, or takes that back. Answers once traces show it. */
    edit: base
      .input(z.object({ name: z.string().min(1), action: z.enum(['accept', 'reject', 'undo']) }))
      .output(z.void()),
  },
  traces: {
    /** `query` is the search grammar: `12345`, `orderId=12345`, `status:failed system:kafka`. */
    list: base
      .input(
        z.object({
          query: z.string(),
          /** One time range for all views: traces that overlap it. Conditions of the query hold besides. */
          from: z.number().optional(),
          to: z.number().optional(),
          limit: z.number().int().min(1).max(1000),
          offset: z.number().int().min(0),
        }),
      )
      .output(
        z.object({
          rows: z.array(traceRow),
          total: z.number(),
          /** What in the query was not understood. */ notes: z.array(z.string()),
        }),
      ),
    /**
     * What captures that are being read say of their traces, newest first: shown until they are in the list themselves.
     * Their ids are those of the capture.
     */
    announced: base.input(z.object({ connection: z.string() })).output(z.array(traceRow)),
    /** A merged trace's id answers with the trace it became. */
    get: base.input(z.object({ id: z.string() })).output(traceDetail),
  },
  events: {
    /**
     * The tail of what was recorded, newest first, in pages: `before` and `after` are numbers of events (exclusive). With
     * `after` the page holds the oldest that are newer, so that a follower misses none.
     */
    list: base
      .input(
        z.object({
          query: z.string(),
          from: z.number().optional(),
          to: z.number().optional(),
          before: z.number().optional(),
          after: z.number().optional(),
          limit: z.number().int().min(1).max(1000),
        }),
      )
      .output(
        z.object({
          rows: z.array(eventRow),
          /** Number of the newest event recorded, whatever the query; 0 where there is none. */
          newest: z.number(),
          /** There are more in the direction that was asked for. */
          more: z.boolean(),
          notes: z.array(z.string()),
        }),
      ),
    /** How many events there are in each of equal stretches of time, per system. */
    histogram: base
      .input(
        z.object({
          query: z.string(),
          from: z.number(),
          to: z.number(),
          buckets: z.number().int().min(1).max(1000),
        }),
      )
      .output(
        z.object({
          from: z.number(),
          to: z.number(),
          series: z.array(z.object({ system, counts: z.array(z.number()) })),
        }),
      ),
    get: base.input(z.object({ id: z.string() })).output(eventDetail),
    /** A slice of the payload's text (or base64), in characters. */
    payload: base
      .input(z.object({ id: z.string(), start: z.number().int().min(0), end: z.number().int() }))
      .output(z.object({ text: z.string(), length: z.number() })),
  },
  links: {
    /**
     * Why one of two events caused the other, in whichever direction, or why not. `trace` is the one that they are looked
     * at in, if one is.
     */
    explain: base
      .input(z.object({ a: z.string(), b: z.string(), trace: z.string().optional() }))
      .output(pairExplanation),
    /**
     * What the user says: it is so (`confirm` of a guess, `add` of what was not known), it is not (`cut`), or nothing any
     * more (`undo`). Answers once traces show it, with the trace of the effect.
     */
    edit: base
      .input(
        z.object({ from: z.string(), to: z.string(), action: z.enum(['confirm', 'add', 'cut', 'undo']) }),
      )
      .output(z.object({ trace: z.string().optional() })),
    /** Why an event is in a trace. */
    membership: base.input(z.object({ event: z.string(), trace: z.string() })).output(membershipExplanation),
  },
  /**
   * Who is connected to what, and what moves: of everything recorded and now, or within a time. The wiring is always all
   * that is known; only what is counted follows the time.
   */
  topology: base
    .input(z.object({ from: z.number().optional(), to: z.number().optional() }).optional())
    .output(topologyDto),
  /** What waits on a channel for one consumer, the longest first; ids are the topology's. */
  waiting: base
    .input(z.object({ channel: z.string(), consumer: z.string(), limit: z.number().int().min(1).max(200) }))
    .output(
      z.object({
        events: z.array(waitingEvent),
        /** How many wait in all, where the system says so. */
        total: z.number().optional(),
        /** What is not known of it, in plain words. */
        notes: z.array(z.string()),
      }),
    ),
  captures: {
    /** Writes all that is recorded into a capture; values under `mask` are replaced first. */
    save: base.input(z.object({ name: z.string(), mask: maskInput })).output(z.object({ id: z.string() })),
    /** Newest first. One that is done can be fetched from `/captures/<id>` until the engine stops. */
    list: base.output(z.array(captureJob)),
    cancel: base.input(z.object({ id: z.string() })).output(z.void()),
  },
};

export type TraceRow = z.infer<typeof traceRow>;
export type EventHeadDto = z.infer<typeof eventHead>;
export type LinkDto = z.infer<typeof linkDto>;
export type PairExplanationDto = z.infer<typeof pairExplanation>;
export type MembershipExplanationDto = z.infer<typeof membershipExplanation>;
export type ChainStepDto = z.infer<typeof chainStep>;
export type DeliveryDto = z.infer<typeof deliveryDto>;
export type TraceDetailDto = z.infer<typeof traceDetail>;
export type EventDetailDto = z.infer<typeof eventDetail>;
export type ConnectionDto = z.infer<typeof connectionDto>;
export type ChannelChoice = z.infer<typeof channelChoice>;
export type LookBackDto = z.infer<typeof lookBackDto>;
export type Problem = z.infer<typeof problem>;
export type EventRowDto = z.infer<typeof eventRow>;
export type WaitingEventDto = z.infer<typeof waitingEvent>;
export type MaskInput = z.infer<typeof maskInput>;
export type CaptureJob = z.infer<typeof captureJob>;
export type KeyGroupDto = z.infer<typeof keyGroup>;
export type TopologyDto = z.infer<typeof topologyDto>;
