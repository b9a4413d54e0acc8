import { hashText } from '../base/hash.ts';
import type { Event } from '../model/event.ts';
import { numbers, type Database } from './database.ts';
import { candidates, rowsBySeq } from './find-events.ts';
import type { Segment } from './segment.ts';

/** Those of the events whose name is stored already, or came earlier in the list; by their numbers. */
export async function repeatedOf(
  db: Database,
  segments: readonly Segment[],
  events: readonly Event[],
): Promise<Set<number>> {
  const stored = await storedIds(db, segments, new Set(events.map(({ id }) => id)));
  const repeated = new Set<number>();
  for (const { id, seq } of events) {
    if (stored.has(id)) repeated.add(seq);
    else stored.add(id);
  }
  return repeated;
}

async function storedIds(
  db: Database,
  segments: readonly Segment[],
  ids: ReadonlySet<string>,
): Promise<Set<string>> {
  const hashes = [...ids].map(hashText);
  const stored = new Set<string>();
  const growing = segments.filter(({ index }) => index);
  const seqs = await candidates(growing, hashes);
  for (const { row } of await rowsBySeq(db, growing, 'id', seqs)) stored.add(row[0] as string);
  for (const segment of segments) {
    if (segment.index || segment.events === 0) continue;
    // Read whole and searched here: names are scattered, a look-up in the sorted table would read all of it each time.
    segment.idHashes ??= (await db.readNumbers(`SELECT id_hash FROM ${segment.alias}.event`)).sort();
    const own = segment.idHashes;
    const hits = hashes.filter((hash) => includes(own, hash));
    if (hits.length === 0) continue;
    const rows = await db.read(
      `SELECT id FROM ${segment.alias}.event
       WHERE rowid IN (SELECT rowid FROM ${segment.alias}.event WHERE id_hash IN ${numbers(hits)})`,
    );
    for (const row of rows) stored.add(row[0] as string);
  }
  return stored;
}

function includes(sorted: Float64Array, value: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
