import type { Segment } from './segment.ts';
import type { ChannelActivity } from './trace-store.ts';

/** What was seen on each channel, by connection and producer; from what is held in memory. */
export function channelActivity(segments: readonly Segment[]): ChannelActivity[] {
  const byKey = new Map<string, ChannelActivity>();
  for (const { sources, stats } of segments) {
    sources.forEach(({ connection, channel, producer }, id) => {
      const { events, first, last } = stats[id]!;
      if (events === 0) return;
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
    });
  }
  return [...byKey.values()];
}
