import { hashText } from '../base/hash.ts';
import type { Facts } from './event.ts';

/**
 * The hashes under which an event is found again: one for each distinct value among its keys, its ids and the ids that
 * it names as causes. Values alone are hashed, since one value may go by several names (`orderId`, `reference`), and
 * since a search for `12345` names none. Store and correlation both use this, so that they mean the same.
 */
export function eventHashes(facts: Facts): number[] {
  const values = new Set<string>();
  for (const key of facts.keys) values.add(key.value);
  for (const id of facts.ids) values.add(id);
  for (const cause of facts.causes) values.add(cause.id);
  return Array.from(values, hashText);
}
