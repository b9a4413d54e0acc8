import type { Coverage } from '../model/delivery.ts';
import type { Database } from './database.ts';
import type { Segment } from './segment.ts';

/** What dropping a segment removes, said as coverage: a search that finds nothing must not claim that nothing was there. */
export async function removedMarks(
  db: Database,
  { alias, sources }: Segment,
): Promise<{ readonly connection: string; readonly coverage: readonly Coverage[] }[]> {
  const rows = await db.read(
    `SELECT source, partition, count(*)::DOUBLE, max(time), arg_max("offset", seq)
     FROM ${alias}.event GROUP BY source, partition`,
  );
  const byConnection = new Map<string, Coverage[]>();
  for (const row of rows) {
    const [sourceId, partition, count, to, offset] = row as [
      number,
      number | null,
      number,
      number,
      string | null,
    ];
    const { connection, channel } = sources[sourceId]!;
    const marks = byConnection.get(connection) ?? [];
    byConnection.set(connection, marks);
    marks.push({
      kind: 'coverage',
      channel,
      ...(partition !== null && { partition }),
      state: 'dropped',
      to,
      ...(offset !== null && /^\d+$/.test(offset) && { toOffset: String(BigInt(offset) + 1n) }),
      count,
      reason: 'removed to keep the store within its size cap',
    });
  }
  return [...byConnection].map(([connection, coverage]) => ({ connection, coverage }));
}
