import { hashText } from '../base/hash.ts';
import { numbers, type Database, type Parameter, type Row } from './database.ts';
import type { Segment } from './segment.ts';

/** Row of the `event` table and the segment that it is of. */
export interface FoundRow {
  readonly segment: Segment;
  readonly row: Row;
}

/** Numbers of events under any of these hashes, unverified. */
export async function candidates(
  segments: readonly Segment[],
  hashes: readonly number[],
): Promise<Set<number>> {
  const found = new Set<number>();
  const add = (seq: number) => found.add(seq);
  const searches: Promise<void>[] = [];
  for (const { index, keys } of segments) {
    if (index) for (const hash of hashes) index.each(hash, add);
    else if (keys) searches.push(keys.each(hashes, add));
  }
  await Promise.all(searches);
  return found;
}

/** Rows of events by their numbers, in no order. Numbers that are not stored (any more) have none. */
export async function rowsBySeq(
  db: Database,
  segments: readonly Segment[],
  columns: string,
  seqs: Iterable<number>,
  condition = 'true',
  parameters: readonly Parameter[] = [],
): Promise<FoundRow[]> {
  const all = [...seqs];
  const parts = await Promise.all(
    segments.map(async (segment) => {
      const { alias, min, max } = segment;
      const own = all.filter((seq) => seq >= min && seq <= max);
      if (own.length === 0) return [];
      const rows = await db.read(
        `SELECT ${columns} FROM ${alias}.event WHERE ${oneOf(alias, own)} AND ${condition}`,
        parameters,
      );
      return rows.map((row) => ({ segment, row }));
    }),
  );
  return parts.flat();
}

/** Few numbers near each other are compared where they lie; else the rows are found by number first, so that only they are read. */
export function oneOf(alias: string, seqs: readonly number[]): string {
  if (seqs.length <= 16) {
    const low = Math.min(...seqs);
    const high = Math.max(...seqs);
    if (high - low < 20_000) {
      return `seq BETWEEN ${low} AND ${high} AND (${seqs.map((seq) => `seq = ${seq}`).join(' OR ')})`;
    }
  }
  return `rowid IN (SELECT rowid FROM ${alias}.event WHERE seq IN ${numbers(seqs)})`;
}

/** Numbers of events that carry the value, under the name if given; each verified against what the event says. */
export async function findByKey(
  db: Database,
  segments: readonly Segment[],
  key: WantedKey,
): Promise<number[]> {
  const seqs = await candidates(segments, [hashText(key.value)]);
  if (seqs.size === 0) return [];
  const parameters: Parameter[] = [];
  const condition = carries(key, parameters);
  const found = await rowsBySeq(db, segments, 'seq', seqs, condition, parameters);
  return found.map(({ row }) => row[0] as number);
}

interface WantedKey {
  readonly name?: string;
  readonly value: string;
}

/** The condition that an event carries the value, under the name if given; adds its parameters to those that are there. */
export function carries({ name, value }: WantedKey, parameters: Parameter[]): string {
  const parameter = (text: string) => `$${parameters.push(text)}`;
  return name === undefined
    ? `(id = ${parameter(value)} OR contains(facts, ${parameter(JSON.stringify(value))}))`
    : `regexp_matches(facts, ${parameter(keyPattern(name, value))})`;
}

/** The row of the event with this name. */
export async function findById(
  db: Database,
  segments: readonly Segment[],
  columns: string,
  id: string,
): Promise<FoundRow | undefined> {
  const seqs = await candidates(segments, [hashText(id)]);
  return (await rowsBySeq(db, segments, columns, seqs, 'id = $1', [id]))[0];
}

const separators = /[-_. ]/g;

/** What the spellings of a key's name have in common: order_id, orderId, order-id. */
export function bareName(name: string): string {
  return name.replaceAll(separators, '').toLowerCase();
}

/** A key as the facts' text has it: the value to the letter, the name in any of its spellings. */
function keyPattern(name: string, value: string): string {
  const letters = Array.from(name.replaceAll(separators, ''), (letter) =>
    escape(JSON.stringify(letter).slice(1, -1)),
  );
  return `\\["(?i:[-_. ]*${letters.join('[-_. ]*')}[-_. ]*)",${escape(JSON.stringify(value))},`;
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
