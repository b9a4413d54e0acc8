import type { CorrelationKey, DecodedMessage, Facts } from '../model/event.ts';
import { newDraft, note, type Candidate, type Draft } from './draft.ts';
import { headerMeaning, propertyMeaning } from './rules/index.ts';
import { deadLetterCauses, integerText } from './dead-letters.ts';
import { processRank } from './names.ts';
import { readBrokenJson, readPayload } from './payload.ts';
import { shortProducer, shortType } from './short-names.ts';
import { isIdLike, isNumberId, isSmallNumber, keyValue } from './values.ts';

/** A batch may name hundreds of orders; beyond this many keys an event says nothing that can be shown. */
const maxKeys = 512;

/**
 * What correlation knows of one message, by itself: a pure function, without configuration, that never throws. Headers
 * are believed before AMQP properties, and these before the payload.
 */
export function extractFacts(message: DecodedMessage): Facts {
  const draft = newDraft();
  if (message.producer !== undefined) draft.producer = shortProducer(message.producer);
  readHeaders(message, draft);
  readProperties(message, draft);
  if (message.json !== undefined) readPayload(message.json, message.channel.name, draft);
  else if (message.payload.text !== undefined) readBrokenJson(message.payload.text, draft);
  draft.type ??= typeOfRoutingKey(message.routingKey);
  const key = messageKey(message.key);
  if (key !== undefined) draft.hints.push({ value: key, origin: 'message-key', path: 'key' });
  if (draft.ids.length === 0 && message.id !== undefined) draft.ids.push(message.id);
  deadLetterCauses(draft, message.channel);

  const facts: { -readonly [K in keyof Facts]: Facts[K] } = {
    ids: draft.ids,
    causes: draft.causes,
    keys: settleKeys(draft),
  };
  // Left out rather than undefined: facts are stored as JSON, and compared.
  if (draft.type !== undefined) facts.type = draft.type;
  if (draft.producer !== undefined) facts.producer = draft.producer;
  if (draft.trace !== undefined) facts.trace = draft.trace;
  return facts;
}

function readHeaders(message: DecodedMessage, draft: Draft): void {
  for (const [name, raw] of message.headers) {
    const { meaning, key } = headerMeaning(name);
    if (meaning) {
      const text =
        typeof raw === 'string' && meaning.as !== 'dead-letter'
          ? raw
          : meaning.as === 'dead-letter' && meaning.part !== 'topic'
            ? integerText(raw)
            : bytesText(raw);
      note(draft, meaning, text, 'header', name);
    } else if (key && typeof raw === 'string') {
      const value = keyValue(raw);
      if (value !== undefined) {
        draft.candidates.push({ key, value, origin: 'header', path: name, depth: 0, listed: key.plural });
      }
    }
  }
}

/** Ids may be bytes (Spring's correlation ids): hexadecimal is how people know them. */
function bytesText(raw: string | Uint8Array): string {
  return typeof raw === 'string' ? raw : Buffer.from(raw).toString('hex');
}

function readProperties(message: DecodedMessage, draft: Draft): void {
  if (message.properties === undefined) return;
  for (const name in message.properties) {
    const meaning = propertyMeaning(name);
    const value = message.properties[name];
    if (meaning && (typeof value === 'string' || typeof value === 'number')) {
      note(draft, meaning, String(value), 'property', name);
    }
  }
}

/** RabbitMQ's routing keys mostly name what happened (`payment.requested`); those with digits rather name whom it is for. */
function typeOfRoutingKey(routingKey: string | undefined): string | undefined {
  return routingKey !== undefined && /^[A-Za-z][A-Za-z._-]+$/.test(routingKey)
    ? shortType(routingKey)
    : undefined;
}

/** The key of a Kafka record as a value: text, or JSON text; not a structure. */
function messageKey(key: string | Uint8Array | undefined): string | undefined {
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
  for (const { key, value, origin, path, listed } of candidates) {
    if (keys.length >= maxKeys) break;
    if (listed && !has(keys, key.name, value))
      keys.push({ name: key.name, value, origin, path, role: 'member' });
  }
  for (const context of contexts) keys.push(context);
  addHints(draft, keys);
  for (const found of draft.found) if (!has(keys, found.name, found.value)) keys.push(found);
  sortByWorth(keys);
  return keys;
}

function has(keys: readonly CorrelationKey[], name: string, value: string): boolean {
  for (const key of keys) if (key.value === value && key.name === name) return true;
  return false;
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
  // In a young system the first orders are 1, 2, 3; of anything else a small number is rather a count or a state.
  return isSmallNumber(value) && processRank(key.name) === undefined ? 'member' : 'joins';
}

/**
 * The message key and CloudEvents' subject support a key of the same value. Where a message names no key that joins,
 * they are the only hint and join if they look like an id; elsewhere they say how it is partitioned, no more.
 */
function addHints(draft: Draft, keys: CorrelationKey[]): void {
  for (const { value: raw, origin, path } of draft.hints) {
    const value = keyValue(origin === 'message-key' ? raw : raw.slice(raw.lastIndexOf('/') + 1));
    if (value === undefined || keys.some((key) => key.value === value)) continue;
    const alone = keys.length === 0 && (isIdLike(value) || isNumberId(value));
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
