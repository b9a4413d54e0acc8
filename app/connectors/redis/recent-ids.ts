import type { ReadEntries } from './groups.ts';
import { compareIds } from './stream-id.ts';

/** The ids of the entries that were read last from one stream, so that acknowledgements can name them one by one. */
export interface RecentIds extends ReadEntries {
  add(id: string): void;
  /** Everything up to this id is of no more interest. */
  forget(upTo: string): void;
}

/** `position`: up to where everything counts as read. `limit`: how many ids are kept. */
export function createRecentIds(position: string, limit = 20_000): RecentIds {
  let ids: string[] = [];
  /** Ids after this one are all kept. */
  let keptAfter = position;
  let last = position;

  /** Index of the first id after the given one. */
  function firstAfter(id: string): number {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(ids[middle]!, id) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    get position() {
      return last;
    },
    add(id) {
      ids.push(id);
      last = id;
      if (ids.length <= limit * 2) return;
      ids = ids.slice(-limit);
      keptAfter = ids[0]!;
    },
    between(after, upTo) {
      if (compareIds(after, keptAfter) < 0) return undefined;
      return ids.slice(firstAfter(after), firstAfter(upTo));
    },
    forget(upTo) {
      if (compareIds(upTo, keptAfter) <= 0) return;
      ids = ids.slice(firstAfter(upTo));
      keptAfter = upTo;
    },
  };
}
