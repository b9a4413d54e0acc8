import { hashText } from '../base/hash.ts';
import { numberIn, type Database, type Parameter } from './database.ts';
import type { EventSource } from './event-row.ts';
import { candidates, carries, oneOf } from './find-events.ts';
import type { Segment } from './segment.ts';
import type { EventFilter } from './trace-store.ts';

/**
 * What of a segment a filter asks for, as a condition in SQL; undefined where it holds nothing of it. What is kept in
 * memory of a segment decides most of it, so that most segments are not read at all. Keys are another matter: `byKeys`.
 * @param isWanted the condition that a trace has the status asked for, if one is.
 */
export function conditionIn(segment: Segment, filter: EventFilter, isWanted?: string): string | undefined {
  const { from = -Infinity, to = Infinity } = filter;
  const wanted = sourceMatcher(filter);
  const chosen: number[] = [];
  let [others, early, late] = [false, false, false];
  segment.stats.forEach(({ events, first, last }, id) => {
    if (events === 0) return;
    if (last >= from && first <= to && wanted(segment.sources[id]!)) {
      chosen.push(id);
      early ||= first < from;
      late ||= last > to;
    } else {
      others = true;
    }
  });
  if (chosen.length === 0) return undefined;
  const conditions = [
    ...(others ? [numberIn('source', chosen)] : []),
    ...(early ? [`time >= ${from}`] : []),
    ...(late ? [`time <= ${to}`] : []),
    ...(isWanted === undefined
      ? []
      : [
          `seq IN (SELECT seq FROM derived.trace_member WHERE seq BETWEEN ${segment.min} AND ${segment.max}
             AND no IN (SELECT no FROM derived.trace WHERE ${isWanted}))`,
        ]),
  ];
  return conditions.join(' AND ') || 'true';
}

function sourceMatcher({ systems = [], channels = [], types = [] }: EventFilter) {
  const oneOfThem = (wanted: readonly string[], value: string | undefined) =>
    wanted.length === 0 || (value !== undefined && wanted.includes(value));
  return ({ channel, type }: EventSource) =>
    oneOfThem(systems, channel.system) && oneOfThem(channels, channel.name) && oneOfThem(types, type);
}

/** Numbers of a segment's events that may carry all the keys, unverified; undefined where none are asked for. */
export async function byKeys(
  segment: Segment,
  keys: EventFilter['keys'] = [],
): Promise<ReadonlySet<number> | undefined> {
  let common: Set<number> | undefined;
  for (const { value } of keys) {
    const found = await candidates([segment], [hashText(value)]);
    common = common?.intersection(found) ?? found;
  }
  return common;
}

/** Those of these numbers whose events meet the condition and carry all the keys, as they come. */
export async function verified(
  db: Database,
  { alias }: Segment,
  seqs: readonly number[],
  condition: string,
  keys: EventFilter['keys'] = [],
): Promise<number[]> {
  if (seqs.length === 0) return [];
  const parameters: Parameter[] = [];
  const carried = keys.map((key) => carries(key, parameters));
  const rows = await db.read(
    `SELECT seq FROM ${alias}.event WHERE ${[oneOf(alias, seqs), condition, ...carried].join(' AND ')}`,
    parameters,
  );
  return rows.map(([seq]) => seq as number);
}
