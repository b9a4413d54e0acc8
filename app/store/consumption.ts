import type { Channel } from '../model/message.ts';
import type { Database } from './database.ts';
import type { Segment } from './segment.ts';
import type { Consumption } from './trace-store.ts';

/** Counts deliveries by the channel of their event and by consumer. A range counts as many as it has offsets. */
export async function consumptionOf(db: Database, segments: readonly Segment[]): Promise<Consumption[]> {
  const deliveries = segments
    .filter(({ lastDelivery }) => lastDelivery >= 0)
    .map(({ alias }) => `SELECT event_hash, body FROM ${alias}.delivery`)
    .join(' UNION ALL ');
  if (deliveries === '') return [];
  const events = segments
    .map(({ alias }, at) => `SELECT ${at} AS segment, source, id_hash FROM ${alias}.event`)
    .join(' UNION ALL ');
  const [named, ranges] = await Promise.all([
    db.read(
      `WITH handed AS (
         SELECT event_hash, body ->> '$.consumer' AS consumer, count(*) AS deliveries
         FROM (${deliveries}) WHERE event_hash IS NOT NULL GROUP BY ALL)
       SELECT segment, source, consumer, sum(deliveries)::DOUBLE
       FROM handed JOIN (${events}) ON id_hash = event_hash GROUP BY ALL`,
    ),
    db.read(
      `SELECT CAST(body -> '$.subject.channel' AS VARCHAR), body ->> '$.consumer',
         sum(coalesce(try_cast(body ->> '$.subject.toOffset' AS DOUBLE)
           - try_cast(body ->> '$.subject.fromOffset' AS DOUBLE), 1))
       FROM (${deliveries}) WHERE event_hash IS NULL GROUP BY ALL`,
    ),
  ]);
  const counted = new Map<string, Consumption>();
  const count = (channel: Channel, consumer: string, more: number): void => {
    const key = JSON.stringify([channel.system, channel.cluster, channel.kind, channel.name, consumer]);
    const known = counted.get(key)?.deliveries ?? 0;
    counted.set(key, { channel, consumer, deliveries: known + more });
  };
  for (const [at, source, consumer, number] of named) {
    const found = segments[at as number]?.sources[source as number];
    if (found) count(found.channel, consumer as string, number as number);
  }
  for (const [channel, consumer, number] of ranges) {
    count(JSON.parse(channel as string) as Channel, consumer as string, number as number);
  }
  return [...counted.values()];
}
