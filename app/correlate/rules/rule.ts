import { z } from 'zod';

/**
 * How one framework, standard or habit says what a message is and what it belongs to. A rule is data, in a file of its
 * own: which field means what. Users write theirs in the same form.
 */

const name = z.string().min(1).max(200);
const place = z.enum(['topic', 'partition', 'offset']);

const oneMeaning = z.discriminatedUnion('as', [
  /** The message's own id, by which others may name it. */
  z.strictObject({ as: z.literal('id') }),
  /**
   * An id that all messages of one flow carry; `name` is the key's. With `replies`, it may also be the id of the message
   * answered. With `scoped`, it is unique only together with what the mark's channel captures, or else the channel.
   */
  z.strictObject({
    as: z.literal('correlation'),
    name,
    replies: z.boolean().optional(),
    scoped: z.boolean().optional(),
  }),
  /** A business key, under the name by which it is known elsewhere. */
  z.strictObject({ as: z.literal('key'), name }),
  /** The id of the message that caused this one, or, by `correlation-id`, the correlation id that it had. */
  z.strictObject({
    as: z.literal('cause'),
    evidence: z.enum(['causation-header', 'reply-to']).optional(),
    by: z.literal('correlation-id').optional(),
  }),
  /** Where replies are to go: the message is a request, and what it carries for its replies names it. */
  z.strictObject({ as: z.literal('reply-address') }),
  z.strictObject({ as: z.literal('type') }),
  z.strictObject({ as: z.literal('producer') }),
  /** When it was sent, by the sender's clock. */
  z.strictObject({ as: z.literal('time') }),
  z.strictObject({
    as: z.literal('trace'),
    part: z.enum([
      'traceparent',
      'tracestate',
      'b3',
      'jaeger',
      'trace-id',
      'span-id',
      'parent-span-id',
      'datadog-trace-id',
      'datadog-span-id',
      'datadog-tags',
    ]),
  }),
  /** A hint at what it is about, worth what a message key is worth. */
  z.strictObject({ as: z.literal('subject') }),
  /** Where a dead letter was before. */
  z.strictObject({ as: z.literal('dead-letter'), part: place }),
  /** Where a message was before that is tried again, or is dead if its channel is called so. */
  z.strictObject({ as: z.literal('retry'), part: place }),
  /** How often it was tried before: a number that grows with each copy of the message that is published. */
  z.strictObject({ as: z.literal('attempt') }),
  /** RabbitMQ's record of deaths. */
  z.strictObject({ as: z.literal('x-death') }),
  /** Only a dead letter has this; its message id is still that of the message that died. */
  z.strictObject({ as: z.literal('died') }),
  /** The message proper, in the payload: read as if it stood alone. */
  z.strictObject({ as: z.literal('body') }),
  /** Known, and nothing to correlate by although it may look like it. */
  z.strictObject({ as: z.literal('ignored') }),
]);
export type Meaning = Readonly<z.infer<typeof oneMeaning>>;

const fields = z.record(name, z.union([oneMeaning, z.array(oneMeaning).min(1)])).optional();

/** One way to recognise a framework: all that it lists must be there. */
const mark = z
  .strictObject({
    headers: z.array(name).optional(),
    /** Paths into the payload: `source.connector`. */
    payload: z.array(name).optional(),
    /** A regular expression. What its first group captures is what `scoped` ids are unique in. */
    channel: name.refine(isPattern, { message: 'is no regular expression' }).optional(),
  })
  .refine((m) => m.headers?.length || m.payload?.length || m.channel, {
    message: 'lists nothing: name headers, payload fields or a channel',
  });
export const ruleSet = z.strictObject({
  framework: name,
  /** Where this is written down. */
  source: z.string().optional(),
  note: z.string().optional(),
  /** Any of these; without them the rules apply to all messages, since the names are marks enough. */
  marks: z.array(mark).min(1).optional(),
  /** Prefixes of headers that are dropped before the name is looked up: `ce_`. */
  prefixes: z.array(name).optional(),
  /** Headers under one of `prefixes`, by the rest of their name. */
  prefixed: fields,
  /** Header names; case, separators and a leading `x-` do not count. */
  headers: fields,
  /** AMQP properties, by their names in the specification. */
  properties: fields,
  /**
   * Fields of the payload. With marks: paths, exactly as written. Without: a plain name at its top or in an object such as
   * `metadata`, where case and separators do not count; or a path.
   */
  payload: fields,
});
export type RuleSet = Readonly<z.infer<typeof ruleSet>>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** `X-Correlation-ID`, `correlation_id` and `correlationId` are one name: `correlationid`. */
export function plainName(text: string): string {
  return text
    .toLowerCase()
    .replace(/^x[-_]/, '')
    .replace(/[^a-z0-9]/g, '');
}
