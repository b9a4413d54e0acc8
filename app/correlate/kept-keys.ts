import type { CorrelationKey } from '../model/event.ts';
import { mayJoin } from './key-fields.ts';

/** Keys by value, as the events before have them. Forgotten now and then: it saves memory, and means nothing. */
const recent = new Map<string, CorrelationKey>();
const recentKept = 4_096;

/**
 * What is kept of an event's keys while it is in memory: those that join, or may one day. Events of one flow carry the
 * same, and share them: there are as many of these as there are events, and they live long.
 */
export function keptKeys(keys: readonly CorrelationKey[]): readonly CorrelationKey[] {
  const kept: CorrelationKey[] = [];
  for (const key of keys) if (mayJoin(key)) kept.push(shared(key));
  // A list that was built by `push` has room for sixteen more.
  return kept.slice();
}

function shared(key: CorrelationKey): CorrelationKey {
  const { name, value, path, role, origin } = key;
  const known = recent.get(value);
  if (known && known.name === name && known.path === path && known.role === role && known.origin === origin)
    return known;
  if (recent.size >= recentKept) recent.clear();
  recent.set(value, key);
  return key;
}
