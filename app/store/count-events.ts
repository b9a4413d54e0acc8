import type { Database, Parameter } from './database.ts';
import { carries, oneOf } from './find-events.ts';
import { byKeys, conditionIn } from './match-events.ts';
import type { Segment } from './segment.ts';
import type { Buckets, EventCounts, EventFilter } from './trace-store.ts';

/** Of a segment, so many events that may carry the keys are judged one by one. */
const judgedByName = 20_000;

/** How many of the events there are in each of equal stretches of time, per system. */
export async function countEvents(
  db: Database,
  segments: readonly Segment[],
  filter: EventFilter,
  { from, to, buckets }: Buckets,
  isWanted?: string,
): Promise<EventCounts[]> {
  const ranged = {
    ...filter,
    from: Math.max(from, filter.from ?? from),
    to: Math.min(to, filter.to ?? to),
  };
  const { keys = [] } = filter;
  const width = (to - from) / buckets || 1;
  const counts = new Map<string, number[]>();
  const countIn = async (segment: Segment): Promise<void> => {
    const condition = conditionIn(segment, ranged, isWanted);
    if (condition === undefined) return;
    const keyed = await byKeys(segment, keys);
    if (keyed?.size === 0) return;
    // Reading names out of the facts of a million events takes seconds: of so many, the value alone is looked for.
    const tooMany = keyed !== undefined && keyed.size > judgedByName;
    const parameters: Parameter[] = [];
    const conditions = [
      condition,
      ...keys.map((key) => carries(tooMany ? { value: key.value } : key, parameters)),
      ...(keyed && !tooMany ? [oneOf(segment.alias, [...keyed])] : []),
    ];
    const systems = [...new Set(segment.sources.map(({ channel }) => channel.system))];
    const places = segment.sources.map(({ channel }, id) => `(${id}, ${systems.indexOf(channel.system)})`);
    const events = `${segment.alias}.event`;
    const placed =
      systems.length === 1
        ? events
        : `${events} JOIN (VALUES ${places.join()}) AS systems(of, place) ON source = of`;
    const rows = await db.read(
      `SELECT ${systems.length === 1 ? 0 : 'place'}, least(floor((time - ${from}) / ${width}), ${buckets - 1})::INTEGER AS bucket, count(*)::DOUBLE
       FROM ${placed}
       WHERE ${conditions.join(' AND ')} GROUP BY ALL`,
      parameters,
    );
    for (const [place, bucket, count] of rows as readonly (readonly [number, number, number])[]) {
      const system = systems[place]!;
      let series = counts.get(system);
      if (!series) counts.set(system, (series = Array.from({ length: buckets }, () => 0)));
      series[bucket]! += count;
    }
  };
  await Promise.all(segments.map(countIn));
  return [...counts].map(([system, own]) => ({ system: system as EventCounts['system'], counts: own }));
}
