import type { CorrelationKey } from '../model/event.ts';
import { mayJoin } from './key-fields.ts';

/** What is kept of an event's keys while it is in memory: those that join, or may one day. */
export function keptKeys(keys: readonly CorrelationKey[]): readonly CorrelationKey[] {
  const kept = keys.filter(mayJoin);
  // As long as what it holds: a list that grew by `push` has room for sixteen more.
  return kept.slice();
}

/**
 * Events of one flow carry the same keys, and share them, all or some: there would be as many as there are events, and
 * they live long.
 */
export function sharedKeys(
  own: readonly CorrelationKey[],
  others: readonly CorrelationKey[],
): readonly CorrelationKey[] {
  if (own.length === others.length && own.every((key, i) => isSame(key, others[i] as CorrelationKey)))
    return others;
  return own.map((key) => others.find((other) => isSame(key, other)) ?? key);
}

function isSame(a: CorrelationKey, b: CorrelationKey): boolean {
  return (
    a.value === b.value &&
    a.name === b.name &&
    a.path === b.path &&
    a.role === b.role &&
    a.origin === b.origin
  );
}
