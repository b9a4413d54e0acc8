/**
 * How one framework, standard or habit says what a message is and what it belongs to. A rule is data: which field means
 * what. All rules apply to all messages; a framework's names are its own, so that its marks are its names.
 */
export interface RuleSet {
  readonly framework: string;
  /** Where this is written down. */
  readonly source: string;
  /** Prefixes of headers that are dropped before the name is looked up: `ce_`. */
  readonly prefixes?: readonly string[];
  /** Header names, as `plainName` makes them: case, separators and a leading `x-` do not count. */
  readonly headers?: Readonly<Record<string, Meaning>>;
  /** Headers under one of `prefixes`, by the rest of their name. */
  readonly prefixed?: Readonly<Record<string, Meaning>>;
  /** AMQP properties, by their names in the specification. */
  readonly properties?: Readonly<Record<string, Meaning>>;
  /** Fields of the payload, at its top or in an object such as `metadata`; plain names. */
  readonly payload?: Readonly<Record<string, Meaning>>;
}

export type Meaning =
  /** The message's own id, by which others may name it. */
  | { readonly as: 'id' }
  /** An id that all messages of one flow carry; `name` is the key's. With `replies`, it may also be the id of the message answered. */
  | { readonly as: 'correlation'; readonly name: string; readonly replies?: boolean }
  /** The id of the message that caused this one. */
  | { readonly as: 'cause'; readonly evidence: 'causation-header' | 'reply-to' }
  | { readonly as: 'type' }
  | { readonly as: 'producer' }
  | { readonly as: 'traceparent' }
  /** A hint at what it is about, worth what a message key is worth. */
  | { readonly as: 'subject' }
  /** Where a dead letter was before: topic, partition, offset. */
  | { readonly as: 'dead-letter'; readonly part: 'topic' | 'partition' | 'offset' }
  /** RabbitMQ's record of deaths. */
  | { readonly as: 'x-death' }
  /** Known, and no business key although its name looks like one. */
  | { readonly as: 'ignored' };

/** `X-Correlation-ID`, `correlation_id` and `correlationId` are one name: `correlationid`. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^x[-_]/, '')
    .replace(/[^a-z0-9]/g, '');
}
