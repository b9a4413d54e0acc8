import { words } from '../base/words.ts';
import { machinery, parts, processes, shared, wrappers } from './entities.ts';

/** What the name of a field says of its value. */
export interface KeyName {
  /** Normalised: `orderId` for `order_id`, `OrderID`, `order-id`, `orderid`. */
  readonly name: string;
  readonly role: 'joins' | 'member';
  /** The name says that there are several: `orderIds`, `orders`. */
  readonly plural: boolean;
  /** Only the entity is named (`order`, `orders`): a scalar is an id only if it looks like one. */
  readonly bare: boolean;
  /** `orderRef` says where `orderId` may stand; it gives way if there is one. */
  readonly alias: boolean;
}

const idWords = new Set(['id', 'uuid', 'guid', 'uid']);
const numberWords = new Set(['number', 'no', 'nr', 'num', 'code']);
const referenceWords = new Set(['ref', 'reference']);
const rankOfProcess = new Map(processes.map((entity, rank) => [entity, rank]));

const cache = new Map<string, KeyName | undefined>();
/** Names may be data (a map of ids to things): the cache must not grow with it. */
const cacheSize = 20_000;

/** Says whether a field of this name holds a business key; undefined if not. A bare `id` is none: see payload.ts. */
export function keyName(field: string): KeyName | undefined {
  const seen = cache.get(field);
  if (seen !== undefined || cache.has(field)) return seen;
  const result = field.length > 64 ? undefined : classify(words(field));
  if (cache.size >= cacheSize) cache.clear();
  cache.set(field, result);
  return result;
}

/** The key of a name that a rule gives: it is one whatever the name looks like. */
export function namedKey(name: string): KeyName {
  const known = keyName(name);
  const key = known === undefined || known.bare || known.plural ? undefined : known;
  return key ?? { name, role: 'joins', plural: false, bare: false, alias: false };
}

function classify(pieces: readonly string[]): KeyName | undefined {
  const last = pieces.at(-1);
  if (last === undefined) return undefined;
  if (pieces.length === 1)
    return referenceWords.has(last) ? referenceName : (bareEntity(last) ?? glued(last));

  const stem = pieces.slice(0, -1);
  const singular = idWords.has(last) ? last : last.endsWith('s') ? last.slice(0, -1) : last;
  const plural = singular !== last;
  if (idWords.has(singular)) return named(stem, 'Id', plural, false);
  if (referenceWords.has(singular)) return named(stem, 'Id', plural, true);
  if (numberWords.has(singular) && isKnown(stem.at(-1) ?? '')) return named(stem, 'Number', plural, false);
  return undefined;
}

const referenceName: KeyName = { name: 'reference', role: 'joins', plural: false, bare: false, alias: false };

function named(
  stem: readonly string[],
  suffix: string,
  plural: boolean,
  alias: boolean,
): KeyName | undefined {
  const entity = stem.at(-1) ?? '';
  // What an event follows from is called its parent as often as what many are part of: its values tell (found.ts).
  if (machinery.has(entity) || entity === 'parent') return undefined;
  // A merchant's reference is what the merchant calls the order, as often as a merchant: its values tell (found.ts).
  if (alias && shared.has(entity)) return undefined;
  const role = shared.has(entity) ? 'member' : 'joins';
  return { name: camel(stem) + suffix, role, plural, bare: false, alias };
}

/** `order`, `orders`: the entity itself, as a parent of `{id}` or with an id as its value. */
function bareEntity(word: string): KeyName | undefined {
  const one = singularOf(word);
  if (one === 'parent' || (!isKnown(one) && !shared.has(one))) return undefined;
  const role = shared.has(one) ? 'member' : 'joins';
  return { name: `${one}Id`, role, plural: one !== word, bare: true, alias: false };
}

/** `orderid`: only where what precedes is known, since many words end in "id". */
function glued(word: string): KeyName | undefined {
  const plural = word.endsWith('ids');
  if (!plural && !word.endsWith('id')) return undefined;
  const entity = word.slice(0, plural ? -3 : -2);
  return isKnown(entity) || shared.has(entity) ? named([entity], 'Id', plural, false) : undefined;
}

/** Whether a word names a process, or a part of one. */
export function isKnownEntity(word: string): boolean {
  return isKnown(word.toLowerCase());
}

function isKnown(entity: string): boolean {
  return rankOfProcess.has(entity) || parts.has(entity);
}

/** Whether a key of this name is a part of a flow: a payment, a shipment. */
export function isPart(name: string): boolean {
  const stem = words(name).slice(0, -1).at(-1);
  return stem !== undefined && parts.has(stem);
}

/**
 * The key that `id` inside an object of this name is: `orderId` for `order`, `rxId` for `rx`. Undefined for objects that
 * only wrap (`data`, `metadata`).
 */
export function entityKey(objectName: string): KeyName | undefined {
  const seen = entityCache.get(objectName);
  if (seen !== undefined || entityCache.has(objectName)) return seen;
  const stem = objectName.length > 64 ? [] : words(objectName);
  const last = singularOf(stem.pop() ?? '');
  const key = last === '' || wrappers.has(last) ? undefined : named([...stem, last], 'Id', false, false);
  if (entityCache.size >= cacheSize) entityCache.clear();
  entityCache.set(objectName, key);
  return key;
}

const entityCache = new Map<string, KeyName | undefined>();

/** The entity that the name of a type or channel begins with, if it is a known one: `order` for `OrderCreated`, `orders`. */
export function entityOf(text: string): string | undefined {
  const one = singularOf(words(text)[0] ?? '');
  return isKnown(one) || shared.has(one) ? one : undefined;
}

/**
 * The rank of a process's key, 0 first: `orderId` before `orderNumber` before `bookingId`. Undefined for all other
 * names, which never keep two flows apart.
 */
export function processRank(name: string): number | undefined {
  return rankByName.get(name);
}

const rankByName = new Map(
  processes.flatMap((entity, i): [string, number][] => [
    [`${entity}Id`, i * 2],
    [`${entity}Number`, i * 2 + 1],
  ]),
);

function singularOf(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|ch|sh)es$/.test(word) && isKnown(word.slice(0, -2))) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us') ? word.slice(0, -1) : word;
}

function camel(stem: readonly string[]): string {
  return stem.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}
