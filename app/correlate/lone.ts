import { hashText } from '../base/hash.ts';
import type { CorrelationKey } from '../model/event.ts';
import type { EventFacts, Trace, TraceSummary } from '../model/trace.ts';
import { byStrength, maxKeys, traceId } from './publish.ts';
import { eachValue, rankOfKey, tokenKey, type KeyJudge } from './tokens.ts';
import type { WaitingEvent } from './waiting-room.ts';

/** Hashes of the values by which an event may be tied to others. */
export function valueHashes(event: EventFacts, judge: KeyJudge): number[] {
  const hashes: number[] = [];
  eachValue(event, judge, (_, value) => {
    const hash = hashText(value);
    if (!hashes.includes(hash)) hashes.push(hash);
    return true;
  });
  return hashes;
}

interface NamedValue {
  readonly key: string;
  readonly value: string;
  name: string;
  rank: number;
}

const none: TraceSummary['keys'] = [];

/** What the trace of one event is called: as the graph would (publish.ts), without making its tokens. */
export function loneKeys(
  { channel, facts: { keys } }: EventFacts,
  { joins, tokenName }: KeyJudge,
): TraceSummary['keys'] {
  let only: CorrelationKey | undefined;
  let joining = 0;
  for (const key of keys) if (joins(channel, key) && joining++ === 0) only = key;
  if (!only) return none;
  if (joining === 1) return [{ name: only.name, value: only.value }];
  const named: NamedValue[] = [];
  for (const one of keys) {
    if (!joins(channel, one)) continue;
    const { name, value } = one;
    const key = tokenKey(tokenName(channel, one), value);
    const rank = rankOfKey(one);
    const same = named.find((other) => other.key === key);
    if (!same) named.push({ key, value, name, rank });
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
