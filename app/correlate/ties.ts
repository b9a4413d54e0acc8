import { Hashed, hashText } from '../base/hash.ts';
import type { CorrelationKey, Facts } from '../model/event.ts';
import type { EventFacts } from '../model/trace.ts';
import { contextNames, type Fields } from './key-fields.ts';
import { keyName, processRank } from './names.ts';
import { ranks } from './nodes.ts';
import { scopeOf } from './scope.ts';

/** What says which keys join, and as what. */
export type KeyJudge = Pick<Fields, 'joins' | 'tokenName'>;

/** How an event comes to have a value: as a key, in a list, as its cause's id, as one of its own ids, as its name. */
export type TieSort = 'key' | 'listed' | 'cause' | 'id' | 'name';

/**
 * A value by which an event may be tied to others. All that looking it up takes is worked out here, once an event: it is
 * looked for among what left memory, among those that wait, and in the graph.
 */
export class Tie extends Hashed {
  readonly sort: TieSort;
  readonly value: string;
  /** The names under which it is the same thing (see `scopeOf`). */
  readonly scope: string | undefined;
  /** What the event calls it, and what it is worth by that. */
  readonly name: string;
  readonly rank: number;

  constructor(sort: TieSort, value: string, scope: string | undefined, name: string, rank: number) {
    super(hashText(value));
    this.sort = sort;
    this.value = value;
    this.scope = scope;
    this.name = name;
    this.rank = rank;
  }
}

/** What an event says, in whatever form it is kept. */
type Tied = Pick<EventFacts, 'id' | 'channel'> & Pick<Facts, 'ids' | 'causes' | 'keys'>;

/** What a recorded event may be tied to others by. */
export function tiesOfEvent(
  { id, channel, facts: { ids, causes, keys } }: EventFacts,
  judge: KeyJudge,
): Tie[] {
  return tiesOf({ id, channel, ids, causes, keys }, judge);
}

/** Everything by which an event may be tied to others. A value that it has in several ways comes as often. */
export function tiesOf({ id, channel, ids, causes, keys }: Tied, judge: KeyJudge): Tie[] {
  const ties: Tie[] = [];
  for (const key of keys) {
    const { name, value } = key;
    if (judge.joins(channel, key)) {
      ties.push(new Tie('key', value, scopeOf(judge.tokenName(channel, key), value), name, rankOfKey(key)));
    } else if (isListed(key)) {
      ties.push(new Tie('listed', value, scopeOf(name, value), name, ranks.listed));
    }
  }
  for (const cause of causes) ties.push(idTie('cause', cause.id));
  for (const own of ids) ties.push(idTie('id', own));
  ties.push(idTie('name', id));
  return ties;
}

/** The event's own name among its ties. */
export function nameOf(ties: readonly Tie[]): Tie {
  return ties[ties.length - 1] as Tie;
}

/** A value as somebody's message id, or as an event's name. */
function idTie(sort: TieSort, value: string): Tie {
  return new Tie(sort, value, scopeOf('id', value), 'id', ranks.id);
}

/** Hashes of the values by which an event may be tied to others, each once. */
export function hashesOf(ties: readonly Tie[]): number[] {
  const hashes: number[] = [];
  for (const { hash } of ties) if (!hashes.includes(hash)) hashes.push(hash);
  return hashes;
}

/** A batch lists what joins elsewhere; parties and places are searchable and tie nobody to anything. */
function isListed(key: CorrelationKey): boolean {
  return key.role === 'member' && keyName(key.name)?.role === 'joins';
}

export function rankOfKey(key: CorrelationKey): number {
  if (key.origin === 'trace-context') return ranks.trace;
  if (key.name === 'key' || key.name === 'subject') return ranks.hint;
  if (key.role === 'found') return ranks.found;
  const process = processRank(key.name);
  if (process !== undefined) return process;
  return contextNames.has(key.name) ? ranks.correlation : ranks.business;
}
