import { shareClock } from './kind.ts';
import type { EventNode } from './nodes.ts';

/** How near in time two groups of events come, ms: by one clock, if it gave both their times. */
export function apart(some: readonly EventNode[], others: readonly EventNode[]): number {
  let least = Infinity;
  let leastByOne = Infinity;
  for (const one of some) {
    for (const other of others) {
      const far = Math.abs(other.time - one.time);
      if (shareClock(one, other)) leastByOne = Math.min(leastByOne, far);
      else least = Math.min(least, far);
    }
  }
  return leastByOne === Infinity ? least : leastByOne;
}
