import type { Json } from '../model/message.ts';
import { note, type Draft } from './draft.ts';
import { foundName, isFoundId, isFoundNumber, maxFound } from './found.ts';
import { entityKey, entityOf, keyName, type KeyName } from './names.ts';
import { payloadMeaning } from './rules/index.ts';
import type { Meaning } from './rules/rule.ts';
import { shortProducer, shortType } from './short-names.ts';
import { isIdLike, isNumberId, keyValue } from './values.ts';

/** Bounds of the walk: a payload may be 5 MB, or nested 10,000 deep; what is far down or far in says little. */
const maxContainers = 400;
const maxFields = 4_000;
const maxListed = 512;
const maxDepth = 6;
/** Longest text that is tried as JSON in JSON, characters. */
const maxInner = 256 * 1024;

interface Frame {
  readonly value: object;
  /** The field it stands in; a list's elements have the list's. */
  readonly name: string;
  /** What it stands in. Paths are put together only for what turns out to be a key. */
  readonly parent: Frame | undefined;
  readonly depth: number;
  readonly listed: boolean;
}

/** All that the name of a field may mean here, looked up at once. */
interface Field {
  readonly key: KeyName | undefined;
  /** `id` and its like. */
  readonly isBareId: boolean;
  /** What wraps the message proper. */
  readonly isBody: boolean;
  /** `type`: what the message is, at the top of it. */
  readonly isType: boolean;
  /** Of an envelope. */
  readonly meaning: Meaning | undefined;
  /** What a key of this name is called, if its values turn out to be keys. */
  readonly found: string | undefined;
}

const metadata = new Set([
  'metadata',
  'meta',
  'headers',
  'header',
  'context',
  'envelope',
  '_metadata',
  'eventMetadata',
]);
const bodies = new Set(['data', 'payload', 'body', 'message', 'Message', 'detail', 'content', 'value']);
/** Wrappers whose `id` is the id of what the message is about. */
const subjects = new Set([
  'data',
  'payload',
  'body',
  'detail',
  'content',
  'after',
  'value',
  'entity',
  'object',
]);
const bareIds = new Set(['id', '_id', 'Id', 'ID', 'uuid', 'guid']);

/** What a first look at the top of a payload finds, needed before its `id` can be understood. */
interface Top {
  id?: string;
  inner?: { value: string; path: string };
  type?: string;
  wraps: boolean;
}

/**
 * Reads ids, type and business keys out of a JSON payload: breadth first, bounded, without recursion. A name alone decides
 * what is a key; whether it joins is decided when all of the message is known (extract.ts).
 */
export function readPayload(json: Json, channel: string, draft: Draft): void {
  if (json === null || typeof json !== 'object') return;
  const top: Top = { wraps: false };
  const queue: Frame[] = [{ value: json, name: '', parent: undefined, depth: 0, listed: false }];
  let fields = maxFields;
  for (let at = 0; at < queue.length && at < maxContainers && fields > 0; at++) {
    const frame = queue[at] as Frame;
    fields -= Array.isArray(frame.value)
      ? readList(frame, frame.value, queue, draft)
      : readObject(frame, queue, top, draft);
  }
  draft.type ??= top.type === undefined ? undefined : shortType(top.type);
  readBareId(top, channel, draft);
}

/** Fields with a scalar value, in the order of the text. */
const brokenField = /"([A-Za-z_][\w.-]{0,63})"\s*:\s*(?:"([^"\\]{1,128})"|(\d{1,16})\s*[,}\]])/g;
/** How far into a text that is no JSON keys are looked for, characters. */
const brokenReach = 16 * 1024;

/**
 * Keys out of what was to be JSON and is not: a message that nobody can parse is the very one that is searched for. Only
 * the first value of each name is taken, since nesting is unknown.
 */
export function readBrokenJson(text: string, draft: Draft): void {
  const first = text.trimStart().charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b) return;
  const seen = new Set<string>();
  for (const [, name = '', string, number] of text.slice(0, brokenReach).matchAll(brokenField)) {
    const key = keyName(name);
    const value = keyValue(string ?? number);
    if (!key || key.bare || value === undefined || seen.has(key.name)) continue;
    seen.add(key.name);
    draft.candidates.push({ key, value, origin: 'payload', path: name, depth: 0, listed: key.plural });
  }
}

function readObject(frame: Frame, queue: Frame[], top: Top, draft: Draft): number {
  const object = frame.value as Readonly<Record<string, Json>>;
  const isTop = frame.depth === 0;
  if (isTop && typeof object['specversion'] === 'string') readCloudEvent(object, draft);
  const isEnvelope = isTop || (frame.depth === 1 && metadata.has(frame.name));
  let fields = 0;
  for (const name in object) {
    if (++fields > maxFields) break;
    const value = object[name] as Json;
    if (typeof value === 'string' || typeof value === 'number') {
      const field = fieldOf(name);
      if (field === noField) continue;
      if (isEnvelope && readEnvelopeField(name, field, value, frame, top, draft)) continue;
      if (field.isBareId) readId(frame, value, name, top, draft);
      else if (!tryInner(name, field, value, frame, queue, top)) {
        if (field.found === undefined) addKey(field.key, value, frame, name, draft);
        else if (!frame.listed) addFound(field.found, value, frame, name, draft);
      }
    } else if (value !== null && typeof value === 'object' && frame.depth < maxDepth) {
      if (isTop && bodies.has(name)) top.wraps = true;
      queue.push({ value, name, parent: frame, depth: frame.depth + 1, listed: frame.listed });
    }
  }
  return fields;
}

function readList(frame: Frame, list: readonly Json[], queue: Frame[], draft: Draft): number {
  const key = keyName(frame.name);
  const end = Math.min(list.length, maxListed);
  const { name, depth } = frame;
  for (let i = 0; i < end; i++) {
    const value = list[i] as Json;
    if (typeof value === 'string' || typeof value === 'number') {
      addKey(key, value, frame, undefined, draft);
    } else if (value !== null && typeof value === 'object' && depth < maxDepth) {
      queue.push({ value, name, parent: frame, depth: depth + 1, listed: true });
    }
  }
  return end;
}

const noField: Field = {
  key: undefined,
  isBareId: false,
  isBody: false,
  isType: false,
  meaning: undefined,
  found: undefined,
};
const fieldCache = new Map<string, Field>();
/** Names may be data (a map of ids to things): the cache must not grow with it. */
const fieldsKept = 20_000;

function fieldOf(name: string): Field {
  const seen = fieldCache.get(name);
  if (seen !== undefined) return seen;
  const key = keyName(name);
  const field: Field = {
    key,
    isBareId: bareIds.has(name),
    isBody: bodies.has(name) || name === 'data_base64',
    isType: name === 'type' || name === '@type' || name === 'event' || name === 'name',
    meaning: payloadMeaning(name),
    found: key ? undefined : foundName(name),
  };
  const isNothing =
    !key && !field.isBareId && !field.isBody && !field.isType && !field.meaning && field.found === undefined;
  if (fieldCache.size >= fieldsKept) fieldCache.clear();
  fieldCache.set(name, isNothing ? noField : field);
  return isNothing ? noField : field;
}

/** `field` is undefined for an element of a list. */
function addKey(
  key: KeyName | undefined,
  raw: Json,
  frame: Frame,
  field: string | undefined,
  draft: Draft,
): void {
  if (key === undefined) return;
  const value = keyValue(raw);
  if (
    value === undefined ||
    (key.bare && (typeof raw !== 'string' || !(isIdLike(value) || isNumberId(value))))
  )
    return;
  const path = field === undefined ? `${pathTo(frame)}[]` : pathOf(frame, field);
  const listed = frame.listed || field === undefined || key.plural;
  draft.candidates.push({ key, value, origin: 'payload', path, depth: frame.depth, listed });
}

/** A value that looks like an id under a name that says nothing. Whether it ties anything only many events can tell. */
function addFound(name: string, raw: string | number, frame: Frame, field: string, draft: Draft): void {
  if (draft.found.length >= maxFound) return;
  if (typeof raw === 'number' ? !(raw >= 1_000) : !isFoundId(raw) && !isFoundNumber(raw)) return;
  const value = keyValue(raw);
  if (typeof raw === 'number' && value !== undefined && !isFoundNumber(value)) return;
  if (value === undefined) return;
  draft.found.push({ name, value, origin: 'payload', path: pathOf(frame, field), role: 'found' });
}

/** Fields of an envelope mean what the rules say. True if this was one. */
function readEnvelopeField(
  name: string,
  { isType, meaning }: Field,
  value: string | number,
  frame: Frame,
  top: Top,
  draft: Draft,
): boolean {
  if (isType && frame.depth === 0 && typeof value === 'string') {
    if (name !== 'name' || /^[A-Z][a-z]+[A-Z]\w*$/.test(value)) {
      top.type ??= value;
      return true;
    }
  }
  if (meaning === undefined) return false;
  note(draft, meaning, String(value), 'payload', pathOf(frame, name));
  return true;
}

function readCloudEvent(event: Readonly<Record<string, Json>>, draft: Draft): void {
  const { id, source, type, subject } = event;
  if (typeof id === 'string') note(draft, { as: 'id' }, id, 'payload', 'id');
  if (typeof type === 'string') draft.type ??= shortType(type);
  if (typeof source === 'string') draft.producer ??= shortProducer(source);
  if (typeof subject === 'string') note(draft, { as: 'subject' }, subject, 'payload', 'subject');
}

/** `id` of a named object is that entity's; of the message or its body, see readBareId. */
function readId(frame: Frame, raw: Json, field: string, top: Top, draft: Draft): void {
  const value = keyValue(raw);
  if (value === undefined) return;
  if (frame.depth === 0) top.id ??= value;
  else if (frame.depth === 1 && !frame.listed && subjects.has(frame.name)) {
    top.inner ??= { value, path: pathOf(frame, field) };
  } else addKey(entityKey(frame.name), raw, frame, field, draft);
}

/**
 * An `id` without an entity's name: of an envelope (`{id, type, data: {…}}`) it is the message's own id. Else it is the
 * id of what the type or the channel is named after (`OrderCreated`, `orders`), unless that is named already: then it is
 * the message's again. Where neither tells, it keeps the name `id`.
 */
function readBareId(top: Top, channel: string, draft: Draft): void {
  const { id, inner } = top;
  let subject = inner;
  if (id !== undefined) {
    if (draft.ids.includes(id)) {
      // A rule has read it.
    } else if (top.wraps) draft.ids.push(id);
    else subject ??= { value: id, path: 'id' };
  }
  if (subject === undefined) return;
  const entity = (draft.type === undefined ? undefined : entityOf(draft.type)) ?? entityOf(channel);
  const key = (entity === undefined ? undefined : keyName(`${entity}Id`)) ?? bareId(subject.value);
  const named = draft.candidates.some((c) => c.key.name === key.name && !c.listed);
  if (named) {
    if (subject !== inner && isIdLike(subject.value)) draft.ids.push(subject.value);
    return;
  }
  draft.candidates.push({ key, ...subject, origin: 'payload', depth: 0, listed: false });
}

function bareId(value: string): KeyName {
  return { name: 'id', role: isIdLike(value) ? 'joins' : 'member', plural: false, bare: false, alias: false };
}

/** JSON as text inside JSON (SNS, outboxes, stream fields), also in base64 (CloudEvents): read as if it stood there. */
function tryInner(
  field: string,
  { isBody }: Field,
  value: string | number,
  frame: Frame,
  queue: Frame[],
  top: Top,
): boolean {
  if (!isBody || typeof value !== 'string' || value.length < 8 || value.length > maxInner || frame.depth > 1)
    return false;
  let text = value;
  if (field === 'data_base64') {
    if (frame.depth > 0) return false;
    text = Buffer.from(value, 'base64').toString();
  }
  const first = text.charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b) return false;
  try {
    const inner: unknown = JSON.parse(text);
    if (typeof inner !== 'object' || inner === null) return false;
    if (frame.depth === 0) top.wraps = true;
    const name = field === 'data_base64' ? 'data' : field;
    queue.push({ value: inner, name, parent: frame, depth: frame.depth + 1, listed: frame.listed });
    return true;
  } catch {
    return false;
  }
}

function pathOf(frame: Frame, field: string): string {
  const path = pathTo(frame);
  return path === '' ? field : `${path}.${field}`;
}

/** The way to a frame: its names from the top, `[]` behind those of lists. */
function pathTo({ name, parent }: Frame): string {
  if (parent === undefined) return name;
  // An element of a list has the list's name.
  if (Array.isArray(parent.value)) return `${pathTo(parent)}[]`;
  return pathOf(parent, name);
}
