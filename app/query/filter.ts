import { momentTime } from '../language/query.ts';
import type { Query } from '../language/query.ts';
import type { TraceFilter } from '../store/trace-store.ts';

/** One time range for all views, epoch ms; what the query says of times holds besides. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

/** What a search asks the store for. `now` in epoch ms. */
export function toFilter(query: Query, range: TimeRange, now: number): TraceFilter {
  const { keys, status, systems, channels, types, after, before } = query;
  const from = Math.max(range.from ?? -Infinity, after ? momentTime(after, now) : -Infinity);
  const to = Math.min(range.to ?? Infinity, before ? momentTime(before, now) : Infinity);
  return {
    now,
    ...(keys.length > 0 && { keys }),
    ...(status !== undefined && { status }),
    ...(systems.length > 0 && { systems }),
    ...(channels.length > 0 && { channels }),
    ...(types.length > 0 && { types }),
    ...(from > -Infinity && { from }),
    ...(to < Infinity && { to }),
  };
}

/** What a search for stuck traces finds, and what it cannot find. */
export const whatIsStuck =
  'Stuck: a consumer was handed an event more than 30 s ago, has not acknowledged it, and nothing came since. ' +
  'Where a system does not say what was acknowledged (RabbitMQ, pub/sub), nothing is found.';
