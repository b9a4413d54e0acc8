import type { TraceRow } from '../contract/page.ts';
import { parseQuery } from '../language/parse-query.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { nothingStuck, toFilter, type TimeRange } from './filter.ts';
import { traceRow } from './rows.ts';

export interface TraceListInput extends TimeRange {
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
    return { rows: [], total: 0, notes: [...notes, nothingStuck] };
  }
  const {
    rows,
    total,
    alsoNaming = 0,
  } = await store.listTraces(toFilter(query, input, now), input.limit, input.offset);
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
