import type {
  Binding,
  Coverage,
  Delivery,
  DeliveryEvidence,
  DeliveryStatus,
  Subscription,
} from '../model/delivery.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { Header, Json, RawMessage } from '../model/message.ts';
import {
  base64Object,
  channelOf,
  defaultKind,
  field,
  fromBase64,
  isFields,
  kindOf,
  LineError,
  requiredText,
  text,
  time,
  wholeNumber,
  word,
} from './fields.ts';
import type { Fields } from './fields.ts';
import { valueText } from './json-span.ts';
import { usualClock } from './usual-clock.ts';

type Loose<T extends { channel: object }> = Omit<T, 'channel'> & {
  readonly channel: ReturnType<typeof channelOf>;
};
/** Lines of wiring, whose channel's kind may be known only from other lines. */
export type WiringLine = Loose<Subscription> | Loose<Binding>;
export type LineItem = RawMessage | Delivery | Coverage | LinkEdit | WiringLine;

const kinds = ['message', 'delivery', 'subscription', 'binding', 'coverage', 'link-edit'] as const;

/**
 * Reads one message line (FORMATS: NDJSON).
 *
 * @param number the line's, counted from 1: part of the name of a message that has neither id nor offset.
 * @throws LineError that says what is wrong with it.
 */
export function readLine(line: string, number: number): LineItem {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch (error) {
    throw new LineError(`not valid JSON${whereOf(error)}`);
  }
  if (!isFields(fields)) throw new LineError('not a JSON object');
  const kind = word(fields, 'kind', kinds);
  switch (kind) {
    case 'message':
      return readMessage(fields, line, number);
    case 'delivery':
      return readDelivery(fields);
    case 'coverage':
      return readCoverage(fields);
    case 'link-edit':
      return readLinkEdit(fields);
    case 'subscription':
      return {
        kind,
        channel: channelOf(fields),
        consumer: requiredText(fields, 'consumer'),
        lag: wholeNumber(fields, 'lag'),
        detail: text(fields, 'detail'),
      };
    case 'binding': {
      const channel = channelOf(fields);
      return {
        kind,
        channel,
        to: requiredText(fields, 'to'),
        toKind: kindOf(fields, 'toKind') ?? defaultKind(channel.system, 'consumed'),
        routingKey: text(fields, 'routingKey'),
        deadLetter: field(fields, 'deadLetter') === true ? true : undefined,
      };
    }
    case undefined:
      throw new LineError(`"kind" is missing: ${kinds.join(', ')}`);
  }
}

/** Where JSON goes wrong, as far as the error says so without quoting the line: it may hold what is to be masked. */
function whereOf(error: unknown): string {
  const [, column] = /column (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return column === undefined ? '' : ` (column ${column})`;
}

function readMessage(fields: Fields, line: string, number: number): RawMessage {
  const channel = publishedChannel(fields);
  const at = time(fields, 'time');
  if (at === undefined) throw new LineError('"time" is missing');
  const partition = wholeNumber(fields, 'partition');
  const offset = text(fields, 'offset');
  const given = text(fields, 'id');
  const unnamed = given === undefined && offset === undefined;
  return defined<RawMessage>({
    kind: 'message',
    channel,
    position: partition === undefined && offset === undefined ? undefined : defined({ partition, offset }),
    id: unnamed ? `${channel.system}/${channel.name}/${number}` : given,
    time: at,
    clock: word(fields, 'clock', ['broker', 'producer', 'observer'] as const) ?? usualClock(channel),
    observedAt: time(fields, 'observedAt') ?? at,
    key: textOrBytes(field(fields, 'key'), 'key'),
    routingKey: text(fields, 'routingKey'),
    headers: readHeaders(field(fields, 'headers')),
    properties: record(fields, 'properties'),
    body: readBody(fields, line),
    recorded: readRecorded(fields),
    producer: text(fields, 'producer'),
    notes: record(fields, 'notes'),
  });
}

/** What was on the wire wins over `payload`. `"payload":null` is a tombstone; the JSON text null is `"payloadText":"null"`. */
function readBody(fields: Fields, line: string): RawMessage['body'] {
  const encoded = text(fields, 'payloadBase64');
  if (encoded !== undefined) {
    const bytes = fromBase64(encoded);
    if (!bytes) throw new LineError('"payloadBase64" is not base64');
    return bytes;
  }
  const plain = text(fields, 'payloadText');
  if (plain !== undefined) return plain;
  if (!Object.hasOwn(fields, 'payload')) return '';
  const payload = fields['payload'];
  // The span is not found only where the name itself was written with escapes.
  return payload === null ? null : (valueText(line, 'payload') ?? JSON.stringify(payload));
}

function readRecorded(fields: Fields): RawMessage['recorded'] {
  const unwrapped = field(fields, 'unwrapped');
  if (!Array.isArray(unwrapped)) return undefined;
  const problems = field(fields, 'problems');
  return {
    unwrapped: unwrapped.map(String),
    size: wholeNumber(fields, 'size') ?? 0,
    ...(Array.isArray(problems) && problems.length > 0 && { problems: problems.map(String) }),
  };
}

/** An object of names and values, or `[name, value]` pairs where order or repetition matters. */
function readHeaders(value: Json | undefined): Header[] {
  if (value === undefined) return [];
  const pairs = Array.isArray(value) ? value : isFields(value) ? Object.entries(value) : undefined;
  if (!pairs) throw new LineError('"headers" must be an object');
  return pairs.map((pair: Json): Header => {
    const [name, content] = Array.isArray(pair) ? pair : [];
    if (typeof name !== 'string')
      throw new LineError('"headers" given as a list must hold ["name", "value"] pairs');
    return [name, textOrBytes(content ?? '', `headers.${name}`) ?? ''];
  });
}

/** Text stays text, `{"base64":…}` is bytes, and any other value counts as its JSON text. */
function textOrBytes(value: Json | undefined, name: string): string | Uint8Array | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number') return text({ [name]: value }, name);
  return base64Object(value) ?? JSON.stringify(value);
}

function record(fields: Fields, name: string): Fields | undefined {
  const value = field(fields, name);
  if (value === undefined || isFields(value)) return value;
  throw new LineError(`"${name}" must be an object`);
}

function readLinkEdit(fields: Fields): LinkEdit {
  const action = word(fields, 'action', ['confirm', 'add', 'cut', 'undo'] as const);
  if (action === undefined) throw new LineError('"action" is missing: confirm, add, cut, undo');
  const [from, to] = [requiredText(fields, 'from'), requiredText(fields, 'to')];
  return { kind: 'link-edit', from, to, action, at: time(fields, 'time') ?? 0 };
}

const statuses: readonly DeliveryStatus[] = [
  'delivered',
  'acknowledged',
  'redelivered',
  'rejected',
  'dead-lettered',
  'pending',
];
const evidences: readonly DeliveryEvidence[] = [
  'offset-commit',
  'firehose',
  'pending-entries',
  'monitor',
  'span',
  'dead-letter-header',
];

function readDelivery(fields: Fields): Delivery {
  const status = word(fields, 'status', statuses);
  if (status === undefined) throw new LineError(`"status" is missing: ${statuses.join(', ')}`);
  const evidence = text(fields, 'evidence');
  const delivery = defined<Delivery>({
    kind: 'delivery',
    subject: readSubject(fields),
    consumer: requiredText(fields, 'consumer'),
    status,
    evidence: evidences.find((known) => known === evidence) ?? 'import',
    time: time(fields, 'time'),
    after: time(fields, 'after'),
    before: time(fields, 'before'),
    via: text(fields, 'via'),
    count: wholeNumber(fields, 'count'),
  });
  if (delivery.time === undefined && delivery.after === undefined && delivery.before === undefined) {
    throw new LineError('a delivery needs "time", or "after" and "before"');
  }
  return delivery;
}

/** One message by its name, or every message of a partition in a half-open range of offsets. */
function readSubject(fields: Fields): Delivery['subject'] {
  const event = text(fields, 'message');
  if (event !== undefined) return { event };
  if (field(fields, 'fromOffset') === undefined)
    throw new LineError('"message" is missing: the id of the message');
  return defined({
    channel: publishedChannel(fields),
    partition: wholeNumber(fields, 'partition'),
    fromOffset: requiredText(fields, 'fromOffset'),
    toOffset: requiredText(fields, 'toOffset'),
  });
}

function readCoverage(fields: Fields): Coverage {
  const states = ['read', 'gap', 'dropped', 'sampled'] as const;
  const state = word(fields, 'state', states);
  if (state === undefined) throw new LineError(`"state" is missing: ${states.join(', ')}`);
  return defined<Coverage>({
    kind: 'coverage',
    channel: publishedChannel(fields),
    partition: wholeNumber(fields, 'partition'),
    state,
    fromOffset: text(fields, 'fromOffset'),
    toOffset: text(fields, 'toOffset'),
    from: time(fields, 'from'),
    to: time(fields, 'to'),
    count: wholeNumber(fields, 'count'),
    reason: text(fields, 'reason'),
  });
}

function publishedChannel(fields: Fields): RawMessage['channel'] {
  const channel = channelOf(fields);
  return { ...channel, kind: channel.kind ?? defaultKind(channel.system, 'published') };
}

/** The object without what is undefined, so that what was not said is not there. */
function defined<T extends object>(object: T): T {
  for (const name of Object.keys(object) as (keyof T)[]) if (object[name] === undefined) delete object[name];
  return object;
}
