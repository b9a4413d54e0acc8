import { appended } from '../base/lists.ts';
import type { Json } from '../model/message.ts';
import { note, type Draft } from './draft.ts';
import { noField, type Field } from './fields.ts';
import { isFoundId, isFoundNumber, maxFound } from './found.ts';
import { entityKey, entityOf, isKnownEntity, keyName, type KeyName } from './names.ts';
import { valueAt, type Framework, type Recognised } from './rules/framework.ts';
import { elementsOf, fieldOf, rootPlace, type Place } from './places.ts';
import type { Rules } from './rules/index.ts';
import { shortType } from './short-names.ts';
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
  /** What it stands in. */
  readonly parent: Frame | undefined;
  readonly depth: number;
  readonly listed: boolean;
  /** A rule says that this is the message proper. */
  readonly isBody: boolean;
  /** Where it stands, once somebody asked. */
  place: Place | undefined;
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
/** Wrappers whose `id` is the id of what the message is about. */
const subjects = new Set([
  'data',
  'payload',
  'body',
  'detail',
  'content',
  'before',
  'after',
  'value',
  'entity',
  'object',
]);

/** What is known of a message beside its payload, and says what that is about where it does not say so itself. */
interface Around {
  /** As its routing key says. */
  readonly type: string | undefined;
  readonly channel: string;
}

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
export function readPayload(json: Json, around: Around, rules: Rules, draft: Draft): void {
  if (json === null || typeof json !== 'object') return;
  const top: Top = { wraps: false };
  const root: Frame = {
    value: json,
    name: '',
    parent: undefined,
    depth: 0,
    listed: false,
    isBody: false,
    place: undefined,
  };
  const queue: Frame[] = [root];
  const taken = readByPath(root, queue, top, rules, draft);
  // A list whose elements are known by their place says no more than these.
  if (taken !== undefined && Array.isArray(json)) queue.shift();
  const context: Context = { rules, taken, draft };
  let fields = maxFields;
  for (let at = 0; at < queue.length && at < maxContainers && fields > 0; at++) {
    const frame = queue[at] as Frame;
    fields -= Array.isArray(frame.value)
      ? readList(frame, frame.value, queue, draft)
      : readObject(frame, queue, top, context);
  }
  draft.type ??= top.type === undefined ? undefined : shortType(top.type);
  readBareId(top, around, draft);
}

/** Reads what recognised frameworks keep in known places. Answers which of the fields at the top were read so. */
function readByPath(
  root: Frame,
  queue: Frame[],
  top: Top,
  { always }: Rules,
  draft: Draft,
): readonly Framework[] | undefined {
  if (draft.recognised === undefined && always.length === 0) return undefined;
  const recognised: readonly Recognised[] = [
    ...(draft.recognised ?? []),
    ...always.map((framework) => ({ framework, scope: '' })),
  ];
  for (const { framework, scope } of recognised) {
    for (const { path, text, meanings } of framework.paths) {
      const found = valueAt(root.value as Json, path);
      const value = Array.isArray(found) && meanings[0]?.as !== 'body' ? (found[0] as Json) : found;
      if (value === undefined || value === null) continue;
      for (const meaning of meanings) {
        if (meaning.as === 'body') queueBody(value, text, root, queue, top);
        else if (typeof value !== 'object') {
          note(draft, meaning, String(value), 'payload', text, scope);
        } else if (meaning.as === 'reply-address') draft.isRequest = true;
      }
    }
  }
  const taken = recognised.flatMap(({ framework }) => (framework.paths.length > 0 ? [framework] : []));
  return taken.length > 0 ? taken : undefined;
}

function queueBody(value: Json, name: string, parent: Frame, queue: Frame[], top: Top): void {
  const body = typeof value === 'string' ? innerOf(value, true) : value;
  if (typeof body !== 'object' || body === null) return;
  top.wraps = true;
  queue.push({ value: body, name, parent, depth: 1, listed: false, isBody: true, place: undefined });
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

/** What is known of the message while it is read. */
interface Context {
  readonly rules: Rules;
  /** Frameworks that have read fields at the top already. */
  readonly taken: readonly Framework[] | undefined;
  readonly draft: Draft;
}

function readObject(frame: Frame, queue: Frame[], top: Top, context: Context): number {
  const { taken, rules, draft } = context;
  const object = frame.value as Readonly<Record<string, Json>>;
  const isTop = frame.depth === 0;
  const isEnvelope = isTop || (frame.depth === 1 && metadata.has(frame.name));
  let fields = 0;
  for (const name in object) {
    if (++fields > maxFields) break;
    if (isTop && taken !== undefined && isTaken(name, taken)) continue;
    const value = object[name] as Json;
    if (typeof value === 'string' || typeof value === 'number') {
      const field = rules.field(name);
      if (field === noField) continue;
      if (isEnvelope && readEnvelopeField(name, field, value, frame, top, draft)) continue;
      if (field.isBareId) readId(frame, value, name, top, draft);
      else if (!tryInner(field, value, name, frame, queue, top)) {
        if (field.found === undefined) addKey(field.key, value, frame, name, draft);
        else if (!frame.listed) addFound(field.found, value, frame, name, draft);
      }
    } else if (value !== null && typeof value === 'object' && frame.depth < maxDepth) {
      if (isTop && rules.field(name).isBody) top.wraps = true;
      const { depth, listed } = frame;
      queue.push({ value, name, parent: frame, depth: depth + 1, listed, isBody: false, place: undefined });
    }
  }
  return fields;
}

function isTaken(name: string, taken: readonly Framework[]): boolean {
  return taken.some((framework) => framework.taken.has(name));
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
      queue.push({
        value,
        name,
        parent: frame,
        depth: depth + 1,
        listed: true,
        isBody: false,
        place: undefined,
      });
    }
  }
  return end;
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
  const value = keyValue(raw, field);
  if (value === undefined) return;
  if (key.bare) {
    if (!isIdLike(value) && !isNumberId(value)) return;
    // `order: 1042` is an order, `loan: 5000` an amount.
    if (typeof raw === 'number') {
      if (field !== undefined && !key.plural && !frame.listed) addFound(key.name, raw, frame, field, draft);
      return;
    }
  }
  const path = field === undefined ? elementsOf(placeOf(frame)).path : pathOf(frame, field);
  const listed = frame.listed || field === undefined || key.plural;
  draft.candidates.push({ key, value, origin: 'payload', path, depth: frame.depth, listed });
}

/** A value that looks like an id under a name that says nothing. Whether it ties anything only many events can tell. */
function addFound(name: string, raw: string | number, frame: Frame, field: string, draft: Draft): void {
  if (draft.found.length >= maxFound) return;
  if (typeof raw === 'string' && raw.includes(':')) return addNamed(raw, frame, field, draft);
  if (typeof raw === 'number' ? !(raw >= 1_000) : !isFoundId(raw) && !isFoundNumber(raw)) return;
  const value = keyValue(raw);
  if (typeof raw === 'number' && value !== undefined && !isFoundNumber(value)) return;
  if (value === undefined) return;
  draft.found.push({ name, value, origin: 'payload', path: pathOf(frame, field), role: 'found' });
}

/** `order:1042`, `urn:order:1042`: the value says itself what it is. */
function addNamed(raw: string, frame: Frame, field: string, draft: Draft): void {
  const [, entity = '', own] = /^(?:urn:)?([A-Za-z]{2,32}):([\w-]{1,64})$/.exec(raw) ?? [];
  const value = keyValue(own);
  const key = value === undefined ? undefined : keyName(`${entity}Id`);
  if (key === undefined || value === undefined || !isKnownEntity(entity)) return;
  const { depth, listed } = frame;
  const alias = { ...key, alias: true };
  draft.candidates.push({ key: alias, value, origin: 'payload', path: pathOf(frame, field), depth, listed });
}

/** Fields of an envelope mean what the rules say. True if this was one. */
function readEnvelopeField(
  name: string,
  { isType, meanings }: Field,
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
  if (meanings === undefined) return false;
  for (const meaning of meanings) note(draft, meaning, String(value), 'payload', pathOf(frame, name));
  return true;
}

/** `id` of a named object is that entity's; of the message or its body, see readBareId. */
function readId(frame: Frame, raw: Json, field: string, top: Top, draft: Draft): void {
  const value = keyValue(raw, field);
  if (value === undefined) return;
  if (frame.depth === 0) top.id ??= value;
  else if (frame.depth === 1 && !frame.listed && (frame.isBody || subjects.has(frame.name))) {
    top.inner ??= { value, path: pathOf(frame, field) };
  } else addKey(entityKey(frame.name), raw, frame, field, draft);
}

/**
 * An `id` without an entity's name: of an envelope (`{id, type, data: {…}}`) it is the message's own id. Else it is the
 * id of what the type, the routing key or the channel is named after (`OrderCreated`, `orders`), unless that is named already: then it is
 * the message's again. Where neither tells, it keeps the name `id`.
 */
function readBareId(top: Top, { type, channel }: Around, draft: Draft): void {
  const { id, inner } = top;
  let subject = inner;
  if (id !== undefined) {
    if (draft.ids.includes(id)) {
      // A rule has read it.
    } else if (top.wraps) draft.ids = appended(draft.ids, id);
    else subject ??= { value: id, path: 'id' };
  }
  if (subject === undefined) return;
  const says = draft.type ?? type;
  const entity = (says === undefined ? undefined : entityOf(says)) ?? entityOf(channel);
  const key = (entity === undefined ? undefined : keyName(`${entity}Id`)) ?? bareId(subject.value);
  const named = draft.candidates.some((c) => c.key.name === key.name && !c.listed);
  if (named) {
    if (subject !== inner && isIdLike(subject.value)) draft.ids = appended(draft.ids, subject.value);
    return;
  }
  draft.candidates.push({ key, ...subject, origin: 'payload', depth: 0, listed: false });
}

function bareId(value: string): KeyName {
  return { name: 'id', role: isIdLike(value) ? 'joins' : 'member', plural: false, bare: false, alias: false };
}

/** JSON as text inside JSON (SNS, outboxes, stream fields): read as if it stood there. */
function tryInner(
  field: Field,
  value: string | number,
  name: string,
  parent: Frame,
  queue: Frame[],
  top: Top,
): boolean {
  if (!field.isBody || typeof value !== 'string' || parent.depth > 1) return false;
  const inner = innerOf(value, false);
  if (inner === undefined) return false;
  const { depth, listed } = parent;
  if (depth === 0) top.wraps = true;
  queue.push({ value: inner, name, parent, depth: depth + 1, listed, isBody: false, place: undefined });
  return true;
}

/** The object or list that a text is the JSON of, also in base64 where a rule says that it is one. */
function innerOf(text: string, mayBeBase64: boolean): object | undefined {
  if (text.length < 8 || text.length > maxInner) return undefined;
  const first = text.charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b) {
    return mayBeBase64 ? innerOf(Buffer.from(text, 'base64').toString(), false) : undefined;
  }
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'object' && inner !== null ? inner : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(frame: Frame, field: string): string {
  return fieldOf(placeOf(frame), field).path;
}

/** Worked out only for what turns out to hold a key. */
function placeOf(frame: Frame): Place {
  const { name, parent } = frame;
  frame.place ??=
    parent === undefined
      ? rootPlace()
      : Array.isArray(parent.value)
        ? elementsOf(placeOf(parent))
        : fieldOf(placeOf(parent), name);
  return frame.place;
}
