import type { Database } from './database.ts';
import type { FoundRow } from './find-events.ts';
import type { Segment } from './segment.ts';
import type { KeyHashPage } from './trace-store.ts';

/** What a page may hold, payloads included, bytes. */
const pageBytes = 32_000_000;

/**
 * Rows of events with `seq > after`, in order of their numbers, at most `limit`, and fewer where their payloads are
 * large; none only after the last. The first of `columns` is seq.
 */
export async function eventRowsAfter(
  db: Database,
  segments: readonly Segment[],
  columns: string,
  after: number,
  limit: number,
): Promise<FoundRow[]> {
  const last = await endOfPage(db, segments, after, limit);
  if (last === undefined) return [];
  const parts = await Promise.all(
    segments
      .filter(({ min, max }) => max > after && min <= last)
      .map(async (segment) => {
        const rows = await db.read(
          `SELECT ${columns} FROM ${segment.alias}.event WHERE seq > ${after} AND seq <= ${last}`,
        );
        return rows.map((row) => ({ segment, row }));
      }),
  );
  return parts.flat().sort((a, b) => (a.row[0] as number) - (b.row[0] as number));
}

/** Number of the last event of a page, found by numbers and sizes alone. */
async function endOfPage(
  db: Database,
  segments: readonly Segment[],
  after: number,
  limit: number,
): Promise<number | undefined> {
  const searches = segments
    .filter(({ max }) => max > after)
    .sort((a, b) => a.min - b.min)
    // A page lies in few segments: those whose ranges overlap, and the next one for a page that reaches over.
    .slice(0, 4)
    .map(({ alias }) => `SELECT seq, size FROM ${alias}.event WHERE seq > ${after}`);
  if (searches.length === 0) return undefined;
  const rows = await db.read(`${searches.join(' UNION ALL ')} ORDER BY seq LIMIT ${limit}`);
  let bytes = 0;
  let last: number | undefined;
  for (const [seq, size] of rows as readonly (readonly [number, number])[]) {
    bytes += size;
    if (last !== undefined && bytes > pageBytes) break;
    last = seq;
  }
  return last;
}

/** A cursor is a segment's number and how many hashes of it were given, in one number. */
const positions = 2 ** 32;

export async function keyHashesAfter(
  segments: readonly Segment[],
  cursor: number,
  limit: number,
): Promise<KeyHashPage> {
  const number = Math.floor(cursor / positions);
  const at = segments.findIndex((segment) => segment.number >= number);
  const segment = segments[at];
  if (!segment) return { hashes: new Float64Array() };
  const from = segment.number === number ? cursor % positions : 0;
  const { index, keys } = segment;
  const hashes = index?.hashes(from, limit) ?? (await keys?.hashes(from, limit)) ?? new Float64Array();
  if (hashes.length === limit) return { hashes, next: segment.number * positions + from + limit };
  const following = segments[at + 1];
  return { hashes, ...(following && { next: following.number * positions }) };
}
