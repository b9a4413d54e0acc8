import { bornBy } from './birth.ts';
import { isReferenceName } from './found.ts';
import { processRank } from './names.ts';
import { manyEvents, type Field, type FieldVerdict, type SampledValue } from './key-field.ts';

/** The fields that hold a value, by its hash, as far as it is in their samples. */
export type Holders = ReadonlyMap<number, readonly Field[]>;

/** What a field's values say of it. */
export interface Support {
  readonly verdict: FieldVerdict;
  /** Values looked at. */
  readonly values: number;
  /** Of these, values that tie events of different kinds. */
  readonly tied: number;
  /** Of these, values that come again and again in events of one kind, all along the recording. */
  readonly recurring: number;
  /** Its plain numbers are those of a process's key. */
  readonly isNumberOfProcess: boolean;
  /** Other fields with the same values, and how many of those that both samples could hold are in both. */
  readonly overlaps: readonly Overlap[];
}

export interface Overlap {
  readonly field: Field;
  readonly common: number;
  /** Values of the sample that could be in the other. */
  readonly comparable: number;
}

/** Fewer common values, or a smaller share, are chance. */
const leastCommon = 2;
const leastShare = 0.05;
/** Numbers that two counters have in common by chance are fewer than these, or a smaller share. */
const leastNumbers = 5;
const numbersShare = 0.8;
/** Share of values that have to recur for a field to be shared. */
const recurringShare = 0.3;
/** What proves that values named like what many flows share are one flow's each: so many, and of these so large a part. */
const leastProof = 8;
const bornShare = 0.75;
/** Of the values in events of one kind, how many may be in several of them: what is published twice has no id to tell. */
const repeatedShare = 0.05;
/** How far apart such values have to lie, as a share of how far apart chance would lay them. */
const leastSpread = 0.4;

/**
 * Judges a field by who carries its values. A key's values come in one event of a kind, or a few close together, and again
 * in events of other kinds; those of a customer or a device come again and again, all along the recording.
 */
export function judge(field: Field, holders: Holders): Support {
  const overlaps = overlapsOf(field, holders);
  const ties = new Set(
    overlaps
      .filter(({ field: other, common, comparable }) => {
        return (
          other.channelKey !== field.channelKey && common >= leastCommon && common >= comparable * leastShare
        );
      })
      .map((overlap) => overlap.field),
  );
  let tied = 0;
  for (const [hash, value] of field.values) {
    if (value.sightings.length > 1 || holders.get(hash)?.some((other) => ties.has(other))) tied++;
  }
  const { recurring, isShared } = recurrence(field, holders);
  const verdict = verdictOf(field, { tied, isShared }, holders);
  const isNumberOfProcess = !isShared && overlaps.some((overlap) => areNumbersOf(field, overlap));
  return { verdict, values: field.values.size, tied, recurring, isNumberOfProcess, overlaps };
}

function verdictOf(
  field: Field,
  { tied, isShared }: { readonly tied: number; readonly isShared: boolean },
  holders: Holders,
): FieldVerdict {
  if (field.sort === 'trusted') return 'key';
  if (field.sort === 'shared-by-name')
    return tied >= field.values.size * bornShare && beginsFlows(field, holders) ? 'key' : 'shared';
  return isShared ? 'shared' : tied >= leastCommon ? 'key' : 'unsure';
}

/**
 * Whether values that are named like what many flows share are each one flow's own: what nearly all of them name came into
 * being in the recording (`UserRegistered`), and no event that names it comes again, as a second order of a user would.
 */
function beginsFlows(field: Field, holders: Holders): boolean {
  const { size } = field.values;
  if (size < leastProof) return false;
  let born = 0;
  for (const hash of field.values.keys()) if (isBorn(hash, holders)) born++;
  return born >= size * bornShare && !comesAgain(field, holders);
}

/** Whether there is a kind of events of which several carry the same value, and not by chance. */
function comesAgain(field: Field, holders: Holders): boolean {
  const kinds = new Map<string, { values: number; repeated: number }>();
  for (const hash of field.values.keys()) {
    for (const { channelKey, path, values } of holders.get(hash) ?? []) {
      for (const { type, events } of values.get(hash)?.sightings ?? []) {
        const kind = `${channelKey} ${path} ${type}`;
        const seen = kinds.get(kind) ?? { values: 0, repeated: 0 };
        seen.values++;
        if (events.length > 1) seen.repeated++;
        kinds.set(kind, seen);
      }
    }
  }
  return [...kinds.values()].some(({ values, repeated }) => repeated > Math.max(1, values * repeatedShare));
}

function isBorn(hash: number, holders: Holders): boolean {
  for (const { name, values } of holders.get(hash) ?? []) {
    for (const { type } of values.get(hash)?.sightings ?? []) {
      if (type !== undefined && bornBy(type) === name) return true;
    }
  }
  return false;
}

/**
 * Whether a field's plain numbers are the same orders' as another's. Numbers are counted up in every table anew, so the name
 * has to say so too: that of the same process, or one that says that it refers to something, as the message's own key does.
 */
function areNumbersOf(field: Field, { field: other, common, comparable }: Overlap): boolean {
  const rank = other.sort === 'trusted' ? processRank(other.name) : undefined;
  if (rank === undefined || common < leastNumbers || common < comparable * numbersShare) return false;
  const own = processRank(field.name);
  return own === undefined
    ? isReferenceName(field.name) || field.name === 'key'
    : own >> 1 === rank >> 1 && other.name.endsWith('Id');
}

function overlapsOf(field: Field, holders: Holders): Overlap[] {
  const common = new Map<Field, number>();
  for (const hash of field.values.keys()) {
    for (const other of holders.get(hash) ?? []) {
      if (other !== field) common.set(other, (common.get(other) ?? 0) + 1);
    }
  }
  return [...common].map(([other, count]) => {
    let comparable = 0;
    for (const hash of field.values.keys()) if (hash <= other.limit) comparable++;
    return { field: other, common: count, comparable };
  });
}

function recurrence(field: Field, holders: Holders): { recurring: number; isShared: boolean } {
  let recurring = 0;
  let often = 0;
  let spread = 0;
  for (const [hash, value] of field.values) {
    const one = mostOften(field, value, hash, holders);
    if (!one) continue;
    recurring++;
    often += one.events;
    spread += one.spread;
  }
  const values = field.values.size;
  if (recurring === 0 || recurring < values * recurringShare) return { recurring, isShared: false };
  const mean = often / recurring;
  // Of one or two values nobody can say whether they are all along or just now; of few, only if they are in many events.
  const isShared =
    values < 3 ? mean >= manyEvents : mean >= 2 + 6 / values && spread / recurring >= leastSpread;
  return { recurring, isShared };
}

/** In an order that has nothing to do with who came first. */
function byPath(fields: readonly Field[]): readonly Field[] {
  if (fields.length < 2) return fields;
  const place = ({ path, name }: Field) => `${path}\0${name}`;
  return fields.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

/**
 * The kind of events that carries a value most often, unless most kinds carry it once: then it is a flow's, and the kind
 * is that of its parts (an order's lines) or was tried again.
 */
function mostOften(
  field: Field,
  value: SampledValue,
  hash: number,
  holders: Holders,
): { events: number; spread: number } | undefined {
  let once = 0;
  let several = 0;
  let most = 1;
  let spread = 0;
  const look = (one: SampledValue, { from, to }: Field) => {
    for (const sighting of one.sightings) {
      const events = sighting.events.length;
      if (events === 1) {
        once++;
        continue;
      }
      several++;
      // Where chance would lay so many: the further apart, the more there are.
      const expected = ((events - 1) / (events + 1)) * (to - from);
      const own = expected === 0 ? 1 : Math.min(1, (sighting.to - sighting.from) / expected);
      if (events > most || (events === most && own > spread)) {
        most = events;
        spread = own;
      }
    }
  };
  look(value, field);
  const seen = new Set([field.channelKey]);
  for (const other of byPath(holders.get(hash) ?? [])) {
    // A value under two names on one channel mostly is in the same events.
    if (seen.has(other.channelKey)) continue;
    seen.add(other.channelKey);
    const same = other.values.get(hash);
    if (same) look(same, other);
  }
  return several === 0 || once > several ? undefined : { events: most, spread };
}
