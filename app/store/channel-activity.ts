import { numberIn, type Database } from './database.ts';
import type { Segment, SourceStats } from './segment.ts';
import type { ChannelActivity, Times } from './trace-store.ts';

/**
 * What was seen on each channel, by connection and producer. From what is held in memory, but for sources of which only a
 * part lies within the times: their events are counted.
 */
export async function channelActivity(
  db: Database,
  segments: readonly Segment[],
  { from = -Infinity, to = Infinity }: Times = {},
): Promise<ChannelActivity[]> {
  const byKey = new Map<string, ChannelActivity>();
  const add = ({ sources }: Segment, id: number, { events, first, last }: SourceStats): void => {
    const { connection, channel, producer } = sources[id]!;
    const { system, cluster, name, kind } = channel;
    const key = JSON.stringify([connection, system, cluster, name, kind, producer]);
    const known = byKey.get(key);
    byKey.set(key, {
      connection,
      system,
      cluster,
      channel: name,
      kind,
      ...(producer !== undefined && { producer }),
      events: events + (known?.events ?? 0),
      first: Math.min(first, known?.first ?? first),
      last: Math.max(last, known?.last ?? last),
    });
  };
  await Promise.all(
    segments.map(async (segment) => {
      const partly: number[] = [];
      segment.stats.forEach((stats, id) => {
        if (stats.events === 0 || stats.last < from || stats.first > to) return;
        if (stats.first >= from && stats.last <= to) add(segment, id, stats);
        else partly.push(id);
      });
      if (partly.length === 0) return;
      const rows = await db.read(
        `SELECT source, count(*)::DOUBLE, min(time), max(time) FROM ${segment.alias}.event
         WHERE ${[numberIn('source', partly), ...within('time', { from, to })].join(' AND ')} GROUP BY source`,
      );
      for (const [id, events, first, last] of rows as readonly number[][])
        add(segment, id!, { events: events!, first: first!, last: last! });
    }),
  );
  return [...byKey.values()];
}

/** Conditions in SQL for the sides that are not open. */
function within(column: string, { from, to }: Required<Times>): string[] {
  return [
    ...(from > -Infinity ? [`${column} >= ${from}`] : []),
    ...(to < Infinity ? [`${column} <= ${to}`] : []),
  ];
}
