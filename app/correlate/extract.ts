import { appended } from '../base/lists.ts';
import type { CorrelationKey, DecodedMessage, Facts } from '../model/event.ts';
import type { Channel, Json } from '../model/message.ts';
import { addContext, newDraft, note, type Candidate, type Draft } from './draft.ts';
import { recognise, type Framework, type Recognised } from './rules/framework.ts';
import { builtInRules, type HeaderField, type Rules } from './rules/index.ts';
import { deadLetterCauses, integerText } from './dead-letters.ts';
import { isSharedByPrefix } from './found.ts';
import { isPart, processRank } from './names.ts';
import { readBrokenJson, readPayload } from './payload.ts';
import { shapeOf } from './shape.ts';
import { shortProducer, shortType } from './short-names.ts';
import { traceOf } from './trace-parts.ts';
import { isCount, isIdLike, isNumberId, isSmallNumber, keyValue } from './values.ts';

/** A batch may name hundreds of orders; beyond this many keys an event says nothing that can be shown. */
const maxKeys = 512;

/**
 * What correlation knows of one message, by itself: a pure function of message and rules that never throws. Headers are
 * believed before AMQP properties, and these before the payload.
 */
export function extractFacts(message: DecodedMessage, rules: Rules = builtInRules): Facts {
  const draft = newDraft();
  if (message.producer !== undefined) draft.producer = shortProducer(message.producer);
  const headers = lookUpHeaders(message, rules);
  findFrameworks(message, headers, rules, draft);
  readHeaders(message, headers, draft);
  readProperties(message, rules, draft);
  const json = jsonOf(message);
  const routed = typeOfRoutingKey(message.routingKey);
  if (json !== undefined) readPayload(json, { type: routed, channel: message.channel.name }, rules, draft);
  else if (message.payload.text !== undefined) readBrokenJson(message.payload.text, draft);
  draft.type ??= routed;
  const key = messageKey(message.key);
  if (key !== undefined)
    draft.hints = appended(draft.hints, { value: key, origin: 'message-key', path: 'key' } as const);
  if (draft.ids.length === 0 && message.id !== undefined) draft.ids = [message.id];
  settleAnswers(draft, message.channel);
  settleCounts(draft, message.channel.name);
  deadLetterCauses(draft, message.channel);
  const trace = draft.traceParts && settleTrace(draft);

  const { ids, causes, type } = draft;
  const keys = settleKeys(draft);
  // Left out rather than undefined: facts are stored as JSON, and compared.
  const facts: { -readonly [K in keyof Facts]: Facts[K] } =
    type === undefined ? { ids, causes, keys } : { type, ids, causes, keys };
  if (draft.producer !== undefined) facts.producer = draft.producer;
  if (draft.sentAt !== undefined) facts.sentAt = draft.sentAt;
  if (trace !== undefined) facts.trace = trace;
  if (draft.attempt !== undefined) facts.attempt = draft.attempt;
  if (facts.type === undefined) {
    const shape = shapeOf(json);
    if (shape !== undefined) facts.shape = shape;
  }
  return facts;
}

/** Longest text that is read as JSON in JSON, characters. */
const maxInner = 256 * 1024;

/**
 * The payload as JSON. JSON as a text in JSON (`"{\\"orderId\\":…}"`), which some outboxes make, is read as what it holds,
 * whether anything said that the payload is JSON or not.
 */
function jsonOf({ json, payload: { text } }: DecodedMessage): Json | undefined {
  if (typeof json === 'object' && json !== null) return json;
  if (json === undefined && (text === undefined || text.length > maxInner || !/^\s*"\s*[{[]/.test(text)))
    return undefined;
  try {
    const inner = json ?? (JSON.parse(text as string) as Json);
    return typeof inner === 'string' && /^\s*[{[]/.test(inner) ? (JSON.parse(inner) as Json) : inner;
  } catch {
    return json;
  }
}

/** The fields of the message at hand; one list for all messages. */
const headersAtHand: HeaderField[] = [];

function lookUpHeaders({ headers }: DecodedMessage, rules: Rules): readonly HeaderField[] {
  headersAtHand.length = 0;
  for (const [name] of headers) headersAtHand.push(rules.header(name));
  return headersAtHand;
}

/** Recognises frameworks by their marks; each is looked at only where one of its marks is there. */
function findFrameworks(
  message: DecodedMessage,
  headers: readonly HeaderField[],
  rules: Rules,
  draft: Draft,
): void {
  for (const { marks } of headers) if (marks) for (const mark of marks) tryFramework(mark, message, draft);
  const { json } = message;
  if (typeof json === 'object' && json !== null) {
    const object = json as Readonly<Record<string, unknown>>;
    for (const { field, frameworks } of rules.payloadMarks) {
      if (object[field] !== undefined)
        for (const framework of frameworks) tryFramework(framework, message, draft);
    }
  }
  for (const framework of rules.channelMarks) tryFramework(framework, message, draft);
}

function tryFramework(framework: Framework, message: DecodedMessage, draft: Draft): void {
  if (draft.recognised?.some((known) => known.framework === framework) === true) return;
  const recognised = recognise(framework, message);
  if (recognised) (draft.recognised ??= []).push(recognised);
}

function readHeaders(message: DecodedMessage, headers: readonly HeaderField[], draft: Draft): void {
  for (let i = 0; i < headers.length; i++) {
    const [, raw] = message.headers[i] as (typeof message.headers)[number];
    // Its name as of the first message that had it, so that those who keep it share it.
    const { name, meanings, owners, plain, key } = headers[i] as HeaderField;
    const owned = owners && draft.recognised && ownHeader(draft.recognised, owners, plain);
    const all = owned?.meanings ?? meanings;
    if (all) {
      for (const meaning of all) {
        const isNumber =
          meaning.as === 'attempt' ||
          ((meaning.as === 'dead-letter' || meaning.as === 'retry') && meaning.part !== 'topic');
        const text = isNumber ? integerText(raw) : typeof raw === 'string' ? unquoted(raw) : bytesText(raw);
        note(draft, meaning, text, 'header', name, owned?.scope);
      }
    } else if (key && typeof raw === 'string') {
      const value = keyValue(unquoted(raw), name);
      if (value !== undefined) {
        draft.candidates.push({ key, value, origin: 'header', path: name, depth: 0, listed: key.plural });
      }
    }
  }
}

/** What the first of the recognised frameworks that knows a header says of it. */
function ownHeader(recognised: readonly Recognised[], owners: readonly Framework[], plain: string) {
  for (const owner of owners) {
    const known = recognised.find(({ framework }) => framework === owner);
    const meanings = known?.framework.headers.get(plain);
    if (known && meanings) return { meanings, scope: known.scope };
  }
  return undefined;
}

/** Spring Cloud Stream writes texts as JSON. */
function unquoted(text: string): string {
  if (text.charCodeAt(0) !== 34 || text.length < 3) return text;
  return text.endsWith('"') ? text.slice(1, -1) : text;
}

/** Ids may be bytes (Spring's correlation ids): hexadecimal is how people know them. */
function bytesText(raw: Uint8Array): string {
  return Buffer.from(raw).toString('hex');
}

function readProperties({ properties }: DecodedMessage, rules: Rules, draft: Draft): void {
  if (properties === undefined) return;
  for (const name in properties) {
    const value = properties[name];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const owned = draft.recognised && ownProperty(draft.recognised, name);
    const meanings = owned?.meanings ?? rules.property(name);
    if (meanings === undefined) continue;
    for (const meaning of meanings) {
      note(draft, meaning, String(value), 'property', name, owned?.scope);
    }
  }
}

function ownProperty(recognised: readonly Recognised[], name: string) {
  for (const { framework, scope } of recognised) {
    const meanings = framework.properties.get(name);
    if (meanings) return { meanings, scope };
  }
  return undefined;
}

/**
 * An id for replies names the request that asks for them, and in the reply that request. One that its client only counts up
 * does so together with where the replies go: each client has them sent to a queue of its own.
 */
function settleAnswers(draft: Draft, channel: Channel): void {
  const { isRequest, replyTo } = draft;
  for (const { id, path } of draft.answers) {
    // Counts are equal by chance.
    if (draft.ids.includes(id) && !isCount(id)) continue;
    if (isRequest)
      draft.ids = appended(draft.ids, isCount(id) && replyTo !== undefined ? `${replyTo}#${id}` : id);
    else if (!isCount(id)) draft.causes = appended(draft.causes, { id, path, evidence: 'reply-to' } as const);
    // Whoever asks for replies has them sent straight to him.
    else if (channel.kind !== 'exchange') {
      const cause = { id: `${channel.name}#${id}`, path, evidence: 'reply-to' } as const;
      draft.causes = appended(draft.causes, cause);
    }
  }
}

/** A message id that is only counted up is one of its producer's, or else of its channel's. */
function settleCounts(draft: Draft, channel: string): void {
  const { ids, producer } = draft;
  if (ids.some(isCount)) draft.ids = ids.map((id) => (isCount(id) ? `${producer ?? channel}#${id}` : id));
}

function traceKey(value: string, path: string): CorrelationKey {
  return { name: 'traceId', value, origin: 'trace-context', path, role: 'joins' };
}

function settleTrace(draft: Draft): Facts['trace'] {
  const found = traceOf(draft.traceParts ?? {});
  if (!found) return undefined;
  const { trace, path, half, halfPath = path } = found;
  addContext(draft, traceKey(trace.traceId, path));
  if (half !== undefined) addContext(draft, traceKey(half, halfPath));
  return trace;
}

/** RabbitMQ's routing keys mostly name what happened (`payment.requested`), and whom it is for in words with digits. */
function typeOfRoutingKey(routingKey: string | undefined): string | undefined {
  if (routingKey === undefined) return undefined;
  if (/^[A-Za-z][A-Za-z._-]+$/.test(routingKey)) return shortType(routingKey);
  const words = /^([A-Za-z][A-Za-z_-]*\.[A-Za-z][A-Za-z_-]*)\.[\w-]*\d[\w-]*$/.exec(routingKey)?.[1];
  return words === undefined ? undefined : shortType(words);
}

/** The key of a Kafka record as a value: text, or JSON text; not a structure. */
export function messageKey(key: string | Uint8Array | undefined): string | undefined {
  if (typeof key !== 'string') return undefined;
  const quoted = key.length > 2 && key.startsWith('"') && key.endsWith('"');
  return keyValue(quoted ? key.slice(1, -1) : key);
}

/**
 * Decides which candidates join. One value of a name, not out of a list, says what the message is about and joins, if
 * its kind joins at all. Of several the shallowest does; values out of lists never do: such a message is about many.
 */
function settleKeys(draft: Draft): CorrelationKey[] {
  const { candidates, contexts } = draft;
  const keys: CorrelationKey[] = [];
  for (const candidate of candidates) {
    if (keys.length >= maxKeys) break;
    const { key, value, origin, path, listed } = candidate;
    if (listed || has(keys, key.name, value)) continue;
    const role = isSubject(candidate, candidates) ? roleOf(candidate) : 'member';
    keys.push({ name: key.name, value, origin, path, role });
  }
  for (const candidate of candidates) {
    const { key, value, origin, path, listed } = candidate;
    if (keys.length >= maxKeys) break;
    if (!listed || has(keys, key.name, value)) continue;
    // A list of one is about that one.
    const role = isOnly(candidate, candidates) ? roleOf(candidate) : 'member';
    keys.push({ name: key.name, value, origin, path, role });
  }
  for (const context of contexts) keys.push(context);
  addHints(draft, keys);
  for (const found of draft.found) if (!has(keys, found.name, found.value)) keys.push(found);
  sortByWorth(keys);
  // As long as what it holds: facts may be kept.
  return keys.slice();
}

function has(keys: readonly CorrelationKey[], name: string, value: string): boolean {
  for (const key of keys) if (key.value === value && key.name === name) return true;
  return false;
}

function hasValue(keys: readonly CorrelationKey[], value: string): boolean {
  for (const key of keys) if (key.value === value) return true;
  return false;
}

/** Whether the message names no other of its kind. */
function isOnly({ key, value }: Candidate, all: readonly Candidate[]): boolean {
  for (const other of all) if (other.key.name === key.name && other.value !== value) return false;
  return true;
}

/** Whether it is the only value of its name, or the shallowest. */
function isSubject(candidate: Candidate, all: readonly Candidate[]): boolean {
  for (const other of all) {
    if (other === candidate || other.listed || other.key.name !== candidate.key.name) continue;
    if (other.value === candidate.value) continue;
    const better =
      other.key.alias !== candidate.key.alias ? candidate.key.alias : other.depth <= candidate.depth;
    if (better) return false;
  }
  return true;
}

function roleOf({ key, value }: Candidate): 'joins' | 'member' {
  if (key.role === 'member') return 'member';
  // In a young system the first orders are 1, 2, 3; of anything else a small number is rather a count or a state, and
  // under a name that says nothing (`publishId`) so is a larger one.
  if (processRank(key.name) !== undefined) return 'joins';
  return isSmallNumber(value) || (isCount(value) && value.length < 6 && !isPart(key.name))
    ? 'member'
    : 'joins';
}

/**
 * The message key and CloudEvents' subject support a key of the same value. Where a message names no key that joins,
 * they are the only hint and join if they look like an id of something that is a flow's own; elsewhere they say how it is partitioned, no more.
 */
function addHints(draft: Draft, keys: CorrelationKey[]): void {
  for (const { value: raw, origin, path } of draft.hints) {
    const value = keyValue(origin === 'message-key' ? raw : raw.slice(raw.lastIndexOf('/') + 1));
    if (value === undefined || hasValue(keys, value)) continue;
    const isId = isNumberId(value) || (isIdLike(value) && !isSharedByPrefix(value));
    const alone = keys.length === 0 && isId;
    const name = path === 'key' ? 'key' : 'subject';
    keys.push({ name, value, origin, path, role: alone ? 'joins' : 'member' });
  }
}

/** Stable, and in place: there are few, and mostly they are in order. */
function sortByWorth(keys: CorrelationKey[]): void {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as CorrelationKey;
    const own = worth(key);
    let at = i;
    for (; at > 0 && worth(keys[at - 1] as CorrelationKey) > own; at--)
      keys[at] = keys[at - 1] as CorrelationKey;
    keys[at] = key;
  }
}

/** Order in which keys are shown: processes, other keys that join, contexts, what was found, members. */
function worth(key: CorrelationKey): number {
  if (key.role === 'member') return 3_000;
  if (key.role === 'found') return 2_900;
  if (key.origin === 'trace-context') return 2_001;
  return processRank(key.name) ?? (isContextName(key.name) ? 2_000 : 1_000);
}

function isContextName(name: string): boolean {
  return name === 'correlationId' || name === 'conversationId' || name === 'requestId';
}
