import type { Trace, TraceSummary } from '../model/trace.ts';
import { byStrength, maxKeys, traceId } from './publish.ts';
import { scopedKey } from './scope.ts';
import type { Tie } from './ties.ts';
import type { WaitingEvent } from './waiting-room.ts';

interface NamedValue {
  readonly key: string;
  name: string;
  readonly value: string;
  rank: number;
}

const none: TraceSummary['keys'] = [];

/** What the trace of one event is called: as the graph would (publish.ts), without making its tokens. */
export function loneKeys(ties: readonly Tie[]): TraceSummary['keys'] {
  let only: Tie | undefined;
  let joining = 0;
  for (const tie of ties) if (tie.sort === 'key' && joining++ === 0) only = tie;
  if (!only) return none;
  if (joining === 1) return [{ name: only.name, value: only.value }];
  const named: NamedValue[] = [];
  for (const { sort, scope, name, value, rank } of ties) {
    if (sort !== 'key') continue;
    const key = scopedKey(scope, value);
    const same = named.find((other) => other.key === key);
    if (!same) named.push({ key, name, value, rank });
    else if (rank < same.rank || (rank === same.rank && name < same.name)) {
      same.name = name;
      same.rank = rank;
    }
  }
  if (named.length > 1) named.sort(byStrength);
  return named.slice(0, maxKeys).map(({ name, value }) => ({ name, value }));
}

/** The trace of one event. */
export function loneTrace({ seq, channel, time, failed, keys }: WaitingEvent): Trace {
  const summary: TraceSummary = {
    id: traceId(seq),
    keys,
    start: time,
    end: time,
    events: 1,
    hops: 1,
    systems: [channel.system],
    failed,
  };
  return { summary, members: [seq], links: [] };
}
