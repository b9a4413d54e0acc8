import { numberIn, numbers, type Database } from './database.ts';
import { newest, summaryFromRow, type Derived } from './derived.ts';
import { systemBits } from './packed-traces.ts';
import type { EventSource } from './event-row.ts';
import type { HeldTraces } from './held-traces.ts';
import { bareName, findByKey } from './find-events.ts';
import type { Segment } from './segment.ts';
import { traceNumber } from './trace-number.ts';
import type { HeldEvent, TraceFilter, TracePage } from './trace-store.ts';

/** How long after its last event, or after an event of it was handed to somebody, a trace counts as active, ms. */
const activeFor = 30_000;

/** One page of traces, newest last event first.  */
export async function listTraces(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  held: HeldTraces,
  filter: TraceFilter,
  limit: number,
  offset: number,
): Promise<TracePage> {
  const asked = await toConditions(db, segments, derived, held, filter);
  if (asked === undefined) return { rows: [], total: 0 };
  const { conditions, alsoNaming } = asked;
  if (conditions.length === 0) return { rows: await derived.page(limit, offset), total: derived.size };
  const where = `WHERE ${conditions.join(' AND ')}`;
  const found = await newest(db, limit, offset, where);
  const rows = found.map(summaryFromRow);
  // A page that is not full tells how many there are.
  if (rows.length < limit && (rows.length > 0 || offset === 0)) {
    return { rows, total: offset + rows.length, alsoNaming };
  }
  const [count] = await db.read(`SELECT count(*)::DOUBLE FROM derived.trace ${where}`);
  return { rows, total: count![0] as number, alsoNaming };
}

/**
 * The condition on `derived.trace` that a trace has this status. One is stuck where nothing happens any more and a
 * consumer is not done with what it was handed.
 */
export async function statusCondition(
  held: HeldTraces,
  status: NonNullable<TraceFilter['status']>,
  now: number,
): Promise<string> {
  if (status === 'failed') return 'failed';
  const since = now - activeFor;
  const events = await held.list(true);
  const among = (some: readonly HeldEvent[]): string =>
    some.length === 0 ? 'false' : numberIn('no', [...new Set(some.map(({ trace }) => traceNumber(trace)))]);
  const isHeld = among(events.filter((event) => event.since < since));
  const isHandled = among(events.filter((event) => event.since >= since));
  const isActive = `("end" >= ${since} OR (${isHandled} AND NOT ${isHeld}))`;
  switch (status) {
    case 'active':
      return `NOT failed AND ${isActive}`;
    case 'stuck':
      return `NOT failed AND "end" < ${since} AND ${isHeld}`;
    case 'quiet':
      return `NOT failed AND "end" < ${since} AND NOT ${isHeld} AND NOT ${isHandled}`;
  }
}

/** SQL conditions on `derived.trace` that hold together, or undefined where nothing can match. */
async function toConditions(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  held: HeldTraces,
  { keys = [], status, systems = [], channels = [], types = [], from, to, now }: TraceFilter,
): Promise<{ conditions: string[]; alsoNaming: number } | undefined> {
  const conditions: string[] = [];
  let alsoNaming = 0;
  if (status !== undefined) conditions.push(await statusCondition(held, status, now));
  if (systems.length > 0) conditions.push(`(systems & ${systemBits(systems)}) <> 0`);
  if (from !== undefined) conditions.push(`"end" >= ${from}`);
  if (to !== undefined) conditions.push(`start <= ${to}`);
  for (const key of keys) {
    const seqs = await findByKey(db, segments, key);
    if (seqs.length === 0) return undefined;
    const nos = await derived.tracesOf(seqs);
    if (nos.length === 0) return undefined;
    const own = await ownTraces(db, nos, key);
    alsoNaming += own.length > 0 ? nos.length - own.length : 0;
    conditions.push(numberIn('no', own.length > 0 ? own : nos));
  }
  for (const [wanted, tells] of [
    [channels, (source: EventSource) => source.channel.name],
    [types, (source: EventSource) => source.type],
  ] as const) {
    if (wanted.length === 0) continue;
    const events = eventsOfSources(segments, (source) => wanted.includes(tells(source) ?? ''));
    if (events === undefined) return undefined;
    conditions.push(`no IN (SELECT no FROM derived.trace_member WHERE seq IN ${events})`);
  }
  return { conditions, alsoNaming };
}

/**
 * Those of the traces that the key itself ties. A batch that names twenty orders is in twenty traces, and who looks for
 * one of these orders means that order's trace.
 */
async function ownTraces(
  db: Database,
  nos: readonly number[],
  { name, value }: { readonly name?: string; readonly value: string },
): Promise<number[]> {
  const rows = await db.read(`SELECT no, keys FROM derived.trace WHERE ${numberIn('no', nos)}`);
  return rows.flatMap(([no, keys]) => {
    const ties = (JSON.parse(keys as string) as [string, string][]).some(
      (key) => key[1] === value && (name === undefined || bareName(key[0]) === bareName(name)),
    );
    return ties ? [no as number] : [];
  });
}

function eventsOfSources(
  segments: readonly Segment[],
  wanted: (source: EventSource) => boolean,
): string | undefined {
  const parts = segments.flatMap(({ alias, sources }) => {
    const ids = sources.flatMap((source, id) => (wanted(source) ? [id] : []));
    return ids.length === 0 ? [] : [`SELECT seq FROM ${alias}.event WHERE source IN ${numbers(ids)}`];
  });
  return parts.length === 0 ? undefined : `(${parts.join(' UNION ALL ')})`;
}
