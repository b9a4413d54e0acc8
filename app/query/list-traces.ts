import type { TraceRow } from '../contract/page.ts';
import { parseQuery } from '../language/parse-query.ts';
import type { EventHead, TraceStore } from '../store/trace-store.ts';
import { toFilter, whatIsStuck, type TimeRange } from './filter.ts';
import { pendingByTrace, traceRow } from './rows.ts';
import type { TraceSummary } from '../model/trace.ts';

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
  const [{ rows, total, alsoNaming = 0 }, held] = await Promise.all([
    store.listTraces(toFilter(query, input, now), input.limit, input.offset),
    store.held(),
  ]);
  const pending = pendingByTrace(held);
  const others = alsoNaming === 1 ? '1 more trace shares' : `${alsoNaming} more traces share`;
  const firsts = await firstEvents(store, rows);
  return {
    rows: rows.map((summary) => traceRow(summary, now, firsts.get(summary.id), pending.get(summary.id))),
    total,
    notes: [
      ...notes,
      ...(query.status === 'stuck' ? [whatIsStuck] : []),
      ...(alsoNaming > 0 ? [`${others} an event that names it among others, such as a batch.`] : []),
    ],
  };
}

const announcedMost = 500;

/** What a capture says of its traces, before its events are read: the newest of them. */
export function announcedTraces(traces: readonly TraceSummary[], now: number): TraceRow[] {
  return traces
    .toSorted((a, b) => b.end - a.end)
    .slice(0, announcedMost)
    .map((summary) => traceRow(summary, now));
}

/** The first events of those traces that no key names. */
async function firstEvents(
  store: TraceStore,
  rows: readonly TraceSummary[],
): Promise<Map<string, EventHead | undefined>> {
  const nameless = rows.filter(({ keys }) => keys.length === 0).map(({ id }) => id);
  if (nameless.length === 0) return new Map();
  const details = await store.traces(nameless);
  return new Map(details.map(({ summary, events }) => [summary.id, events[0]]));
}
