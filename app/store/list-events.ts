import type { Database } from './database.ts';
import type { Derived } from './derived.ts';
import { headColumns, headFromRow } from './event-row.ts';
import { rowsBySeq } from './find-events.ts';
import { byKeys, conditionIn, verified } from './match-events.ts';
import type { Segment } from './segment.ts';
import { traceId } from './trace-number.ts';
import type { EventFilter, EventHead, EventPage, EventRange, ListedEvent } from './trace-store.ts';

/** Candidates by key that are read and judged at once: a value that a million events carry is not read to its end. */
const judgedAtOnce = 2_000;

/**
 * One page of events, newest first. `newest`: up to this number everything is stored; `isWanted`: the condition that a
 * trace has the status asked for, if one is.
 */
export async function listEvents(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  filter: EventFilter,
  range: EventRange,
  newest: number,
  isWanted?: string,
): Promise<EventPage> {
  const seqs = await findPage(db, segments, filter, range, newest, isWanted);
  const page = seqs.slice(0, range.limit);
  return { rows: await listedBySeq(db, segments, derived, page), newest, more: seqs.length > range.limit };
}

/** Numbers of the page's events and of one more, if there is one, in the direction asked for. */
async function findPage(
  db: Database,
  segments: readonly Segment[],
  filter: EventFilter,
  { before = Infinity, after, limit }: EventRange,
  newest: number,
  isWanted: string | undefined,
): Promise<number[]> {
  const forward = after !== undefined;
  const low = after ?? -1;
  const high = Math.min(before, newest + 1);
  const inOrder = forward ? (a: number, b: number) => a - b : (a: number, b: number) => b - a;
  const wanted = limit + 1;

  async function within(segment: Segment): Promise<Iterable<number>> {
    const condition = conditionIn(segment, filter, isWanted);
    if (condition === undefined) return [];
    const keyed = await byKeys(segment, filter.keys);
    if (!keyed) {
      return db.readNumbers(
        `SELECT seq FROM ${segment.alias}.event WHERE seq > ${low} AND seq < ${high} AND ${condition}
         ORDER BY seq ${forward ? 'ASC' : 'DESC'} LIMIT ${wanted}`,
      );
    }
    const own = [...keyed].filter((seq) => seq > low && seq < high).sort(inOrder);
    const found: number[] = [];
    for (let at = 0; at < own.length && found.length < wanted; at += judgedAtOnce) {
      found.push(...(await verified(db, segment, own.slice(at, at + judgedAtOnce), condition, filter.keys)));
    }
    return found;
  }

  const ordered = segments
    .filter(({ events, min, max }) => events > 0 && max > low && min < high)
    .sort((a, b) => (forward ? a.min - b.min : b.max - a.max));
  let found: number[] = [];
  for (const segment of ordered) {
    const last = found[limit];
    // Ranges of neighbours may overlap a little: the next one is left out only if it lies wholly beyond the page.
    if (last !== undefined && (forward ? segment.min > last : segment.max < last)) continue;
    found = [...found, ...(await within(segment))].sort(inOrder).slice(0, wanted);
  }
  return found;
}

/** Events by their numbers as a list shows them, newest first. */
export async function listedBySeq(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  seqs: readonly number[],
): Promise<ListedEvent[]> {
  if (seqs.length === 0) return [];
  const columns = `${headColumns}, (extra -> '$.problems') IS NOT NULL`;
  const found = await rowsBySeq(db, segments, columns, seqs);
  const rows = found.map(({ segment, row }) => ({
    ...headFromRow(row, segment.sources),
    hasProblems: row.at(-1) === true,
  }));
  const traces = await joinedTraces(derived, rows);
  return rows.map((row) => ({ ...row, trace: traces.get(row.seq) })).sort((a, b) => b.seq - a.seq);
}

/**
 * The trace of each event. One that several list (a batch) has one of its own, which its own joining values tie, or
 * else is found in any of them.
 */
async function joinedTraces(derived: Derived, events: readonly EventHead[]): Promise<Map<number, string>> {
  const memberships = Map.groupBy(await derived.memberships(events.map(({ seq }) => seq)), ({ seq }) => seq);
  const several = [...memberships.values()].filter((own) => own.length > 1).flat();
  const { summaries } = await derived.details([...new Set(several.map(({ no }) => no))]);
  const chosen = new Map<number, string>();
  for (const { seq, facts } of events) {
    const nos = (memberships.get(seq) ?? []).map(({ no }) => no).sort((a, b) => a - b);
    const joins = new Set(facts.keys.filter(({ role }) => role !== 'member').map(({ value }) => value));
    const ties = (no: number) => summaries.get(no)?.keys.some(({ value }) => joins.has(value)) ?? false;
    const no = nos.find((each) => each === seq) ?? nos.find(ties) ?? nos[0];
    if (no !== undefined) chosen.set(seq, traceId(no));
  }
  return chosen;
}
