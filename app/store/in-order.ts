import type { Database } from './database.ts';
import type { FoundRow } from './find-events.ts';
import type { Segment } from './segment.ts';
import type { KeyHashPage } from './trace-store.ts';

/** Rows of events with `seq > after`, in order of their numbers, at most `limit`. The first of `columns` is seq. */
export async function eventRowsAfter(
  db: Database,
  segments: readonly Segment[],
  columns: string,
  after: number,
  limit: number,
): Promise<FoundRow[]> {
  let found: FoundRow[] = [];
  const ahead = segments.filter(({ max }) => max > after).sort((a, b) => a.min - b.min);
  for (const segment of ahead) {
    // Ranges of neighbours may overlap, so a full page is final only before the next one begins.
    if (found.length >= limit && numberOf(found[limit - 1]!) < segment.min) break;
    if (!segments.includes(segment)) continue;
    const { alias } = segment;
    // Which rows first, by their numbers alone; then only those are read.
    const rows = await db.read(
      `SELECT ${columns} FROM ${alias}.event
       WHERE rowid IN (SELECT rowid FROM ${alias}.event WHERE seq > ${after} ORDER BY seq LIMIT ${limit})`,
    );
    found = [...found, ...rows.map((row) => ({ segment, row }))].sort((a, b) => numberOf(a) - numberOf(b));
  }
  return found.slice(0, limit);
}

function numberOf({ row }: FoundRow): number {
  return row[0] as number;
}

/** A cursor is a segment's number and how many hashes of it were given, in one number. */
const positions = 2 ** 32;

export async function keyHashesAfter(
  db: Database,
  segments: readonly Segment[],
  cursor: number,
  limit: number,
): Promise<KeyHashPage> {
  const number = Math.floor(cursor / positions);
  const at = segments.findIndex((segment) => segment.number >= number);
  const segment = segments[at];
  if (!segment) return { hashes: new Float64Array() };
  const from = segment.number === number ? cursor % positions : 0;
  const hashes = segment.index
    ? segment.index.hashes(from, limit)
    : await db.readNumbers(`SELECT hash FROM ${segment.alias}.key_hash LIMIT ${limit} OFFSET ${from}`);
  if (hashes.length === limit) return { hashes, next: segment.number * positions + from + limit };
  const following = segments[at + 1];
  return { hashes, ...(following && { next: following.number * positions }) };
}
