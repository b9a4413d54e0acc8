import type { EventRowDto } from '../contract/page.ts';
import { parseQuery } from '../language/parse-query.ts';
import type { Buckets, EventRange, ListedEvent, TraceStore } from '../store/trace-store.ts';
import { toFilter, whatIsStuck, type TimeRange } from './filter.ts';
import { eventHead } from './rows.ts';

interface EventList {
  readonly rows: EventRowDto[];
  readonly newest: number;
  readonly more: boolean;
  readonly notes: string[];
}

/** One page of the events that a search asks for, newest first. `now` in epoch ms. */
export async function listEvents(
  store: TraceStore,
  { query: text, from, to, ...range }: { readonly query: string } & TimeRange & EventRange,
  now: number,
): Promise<EventList> {
  const { query, notes } = parseQuery(text);
  const page = await store.listEvents(toFilter(query, { from, to }, now), range);
  const ofTraces = `status is of traces: these are the events of traces that are ${query.status}.`;
  return {
    ...page,
    rows: page.rows.map(eventRow),
    notes: [
      ...notes,
      ...(query.status === undefined ? [] : [ofTraces]),
      ...(query.status === 'stuck' ? [whatIsStuck] : []),
    ],
  };
}

export function eventRow(event: ListedEvent): EventRowDto {
  const { seq, trace, hasProblems } = event;
  return { ...eventHead(event), seq, trace, hasProblems };
}

/** How many of these events there are in each of equal stretches of time, per system. `now` in epoch ms. */
export async function eventHistogram(
  store: TraceStore,
  { query: text, ...buckets }: { readonly query: string } & Buckets,
  now: number,
) {
  const { from, to } = buckets;
  const { query } = parseQuery(text);
  const counted = await store.countEvents(toFilter(query, {}, now), buckets);
  return { from, to, series: counted.map(({ system, counts }) => ({ system, counts: [...counts] })) };
}
