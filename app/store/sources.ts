import type { DuckDBAppender } from '@duckdb/node-api';
import { appendText } from './append-event.ts';
import type { Database } from './database.ts';
import type { EventSource } from './event-row.ts';
import type { Segment, SourceStats } from './segment.ts';

/** Appends what many events have in common, under the number by which they name it. */
export function appendSource(rows: DuckDBAppender, id: number, source: EventSource): void {
  const { connection, channel, clock, format, type, producer } = source;
  rows.appendInteger(id);
  for (const text of [connection, channel.system, channel.cluster, channel.name, channel.kind]) {
    rows.appendVarchar(text);
  }
  rows.appendVarchar(clock);
  rows.appendVarchar(format);
  appendText(rows, type);
  appendText(rows, producer);
  rows.endRow();
}

/** Counts each source's events anew. */
export async function loadStats(db: Database, { alias, sources }: Segment): Promise<SourceStats[]> {
  const stats = sources.map(() => ({ events: 0, first: Infinity, last: -Infinity }));
  const rows = await db.read(
    `SELECT source, count(*)::DOUBLE, min(time), max(time) FROM ${alias}.event GROUP BY source`,
  );
  for (const [id, events, first, last] of rows as readonly (readonly number[])[]) {
    stats[id!] = { events: events!, first: first!, last: last! };
  }
  return stats;
}
