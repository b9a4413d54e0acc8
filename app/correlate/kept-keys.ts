import type { CorrelationKey } from '../model/event.ts';
import { mayJoin } from './key-fields.ts';

/** Keys of the events before, by a hash of their values: the latest of each. It saves memory, and means nothing. */
const recent: (CorrelationKey | undefined)[] = Array.from({ length: 4_096 });

/**
 * What is kept of an event's keys while it is in memory: those that join, or may one day. Events of one flow carry the
 * same, and share them: there are as many of these as there are events, and they live long.
 */
export function keptKeys(keys: readonly CorrelationKey[]): readonly CorrelationKey[] {
  const kept: CorrelationKey[] = [];
  for (const key of keys) if (mayJoin(key)) kept.push(shared(key));
  // As long as what it holds: a list that grew by `push` has room for sixteen more.
  return kept.slice();
}

function shared(key: CorrelationKey): CorrelationKey {
  const { name, value, path, role, origin } = key;
  let hash = value.length;
  for (let i = Math.max(0, hash - 6); i < value.length; i++) hash = (hash * 31 + value.charCodeAt(i)) | 0;
  const slot = hash & 4_095;
  const known = recent[slot];
  const isSame = known?.value === value && known.name === name && known.path === path;
  if (isSame && known.role === role && known.origin === origin) return known;
  recent[slot] = key;
  return key;
}
