import { z } from 'zod';

/** Raised when an older Headwater could no longer read the file rightly. */
export const captureVersion = 1;
export const manifestName = 'manifest.json';

const channel = z.object({
  system: z.enum(['kafka', 'rabbitmq', 'redis', 'aws']),
  cluster: z.string(),
  name: z.string(),
  kind: z.enum(['topic', 'exchange', 'queue', 'stream', 'pubsub', 'list', 'sns-topic', 'sqs-queue']),
});

const coverage = z.object({
  kind: z.literal('coverage'),
  channel,
  partition: z.number().optional(),
  state: z.enum(['read', 'gap', 'dropped', 'sampled']),
  fromOffset: z.string().optional(),
  toOffset: z.string().optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  count: z.number().optional(),
  reason: z.string().optional(),
});

const topology = z.object({
  kind: z.literal('topology'),
  observedAt: z.number(),
  channels: z.array(channel),
  subscriptions: z.array(
    z.object({
      kind: z.literal('subscription'),
      channel,
      consumer: z.string(),
      lag: z.number().optional(),
      detail: z.string().optional(),
    }),
  ),
  bindings: z.array(
    z.object({
      kind: z.literal('binding'),
      channel,
      to: z.string(),
      toKind: channel.shape.kind,
      routingKey: z.string().optional(),
      deadLetter: z.boolean().optional(),
    }),
  ),
});

const traceSummary = z.object({
  id: z.string(),
  keys: z.array(z.object({ name: z.string(), value: z.string() })),
  start: z.number(),
  end: z.number(),
  events: z.number(),
  hops: z.number(),
  systems: z.array(channel.shape.system),
  failed: z.boolean(),
});

/** The first entry of a capture: what can be shown before the data is loaded. Times are epoch ms unless they say otherwise. */
export const manifestSchema = z.object({
  format: z.literal('headwater-capture'),
  version: z.number(),
  /** ISO 8601. */
  created: z.string(),
  counts: z.object({ events: z.number(), deliveries: z.number(), traces: z.number() }),
  /** Of the earliest and the latest event; absent where there are none, and in files of the first builds. */
  time: z.object({ first: z.number(), last: z.number() }).optional(),
  /** Values were masked when it was written. Not whether they had been before, when they were recorded. */
  masked: z.boolean().optional(),
  /** The Parquet entries, in the order in which they are read. */
  files: z.array(
    z.object({
      name: z.string(),
      table: z.enum(['events', 'deliveries']),
      rows: z.number(),
    }),
  ),
  coverage: z.array(z.object({ connection: z.string(), coverage })),
  topologies: z.array(z.object({ connection: z.string(), topology })),
  /** What the user said of keys; absent in files of earlier builds. */
  keyEdits: z
    .array(
      z.object({
        kind: z.literal('key-edit'),
        name: z.string(),
        action: z.enum(['accept', 'reject', 'undo']),
        at: z.number(),
      }),
    )
    .optional(),
  /** What the user said of links; absent in files of earlier builds. */
  linkEdits: z
    .array(
      z.object({
        kind: z.literal('link-edit'),
        from: z.string(),
        to: z.string(),
        action: z.enum(['confirm', 'add', 'cut', 'undo']),
        at: z.number(),
      }),
    )
    .optional(),
  /** The newest of them; `counts.traces` says how many there are. */
  traces: z.array(traceSummary),
});

export type Manifest = z.infer<typeof manifestSchema>;
