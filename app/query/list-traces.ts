import type { TraceRow } from '../contract/page.ts';
import { parseQuery } from '../language/parse-query.ts';
import { momentTime } from '../language/query.ts';
import type { Query } from '../language/query.ts';
import type { TraceFilter, TraceStore } from '../store/trace-store.ts';
import { traceRow } from './rows.ts';

export interface TraceListInput {
  /** The search grammar of app/language. */
  readonly query: string;
  readonly limit: number;
  readonly offset: number;
}

export interface TraceList {
  readonly rows: TraceRow[];
  readonly total: number;
  readonly notes: string[];
}

/** Traces that a search asks for, the one with the newest event first. `now` in epoch ms. */
export async function listTraces(store: TraceStore, input: TraceListInput, now: number): Promise<TraceList> {
  const { query, notes } = parseQuery(input.query);
  if (query.status === 'stuck') {
    return { rows: [], total: 0, notes: [...notes, 'No trace is judged stuck: there are no verdicts yet.'] };
  }
  const {
    rows,
    total,
    alsoNaming = 0,
  } = await store.listTraces(toFilter(query, now), input.limit, input.offset);
  const others = alsoNaming === 1 ? '1 more trace shares' : `${alsoNaming} more traces share`;
  return {
    rows: rows.map((summary) => traceRow(summary, now)),
    total,
    notes: [
      ...notes,
      ...(alsoNaming > 0 ? [`${others} an event that names it among others, such as a batch.`] : []),
    ],
  };
}

function toFilter(
  { keys, status, systems, channels, types, after, before }: Query,
  now: number,
): TraceFilter {
  return {
    now,
    ...(keys.length > 0 && { keys }),
    ...(status !== undefined && status !== 'stuck' && { status }),
    ...(systems.length > 0 && { systems }),
    ...(channels.length > 0 && { channels }),
    ...(types.length > 0 && { types }),
    ...(after && { from: momentTime(after, now) }),
    ...(before && { to: momentTime(before, now) }),
  };
}
