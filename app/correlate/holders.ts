import { Token, type EventNode } from './nodes.ts';
import type { Tie } from './ties.ts';

/** Who has a value. A node stands for itself as long as it alone names itself so: most message ids are never referred to. */
export type Holder = EventNode | Token;

/** What a value is looked up by. */
export type Sought = Pick<Tie, 'hash' | 'scope' | 'value'>;

/**
 * Finds who holds a value, by its hash. A table with open addressing, no fuller than half: it stands in for a `Map` by
 * texts, which would hash each value again and, as events come and go, be copied again and again. Prints, 32 bits of
 * the hashes, lie apart: there are hundreds of thousands in memory, most questions are answered no, and then one access is
 * all that they cost. What has the same print is told apart by value and scope.
 */
export interface Holders {
  readonly size: number;
  find(sought: Sought): Holder | undefined;
  /** Puts a holder in, which must not be there. */
  add(hash: number, holder: Holder): void;
  /** Puts one in another's place. */
  replace(hash: number, before: Holder, after: Holder): void;
  /** Takes a holder out. Answers whether it was there. */
  delete(hash: number, holder: Holder): boolean;
}

const smallest = 1_024;
/** The print of a free place. */
const free = 0;

function printOf(hash: number): number {
  return (hash ^ (hash / 0x100000000)) | 0 || 1;
}

export function createHolders(): Holders {
  let size = 0;
  let mask = smallest - 1;
  let prints = new Int32Array(smallest);
  let holders = emptied(smallest);

  function placeOf(hash: number, holder: Holder): number {
    const print = printOf(hash);
    let at = print & mask;
    for (let there = prints[at]; there !== free; there = prints[at]) {
      if (there === print && holders[at] === holder) return at;
      at = (at + 1) & mask;
    }
    return -1;
  }

  function put(print: number, holder: Holder): void {
    let at = print & mask;
    while (prints[at] !== free) at = (at + 1) & mask;
    prints[at] = print;
    holders[at] = holder;
  }

  function grow(): void {
    const [before, holdersBefore] = [prints, holders];
    const capacity = 2 * (mask + 1);
    mask = capacity - 1;
    prints = new Int32Array(capacity);
    holders = emptied(capacity);
    before.forEach((print, i) => {
      if (print !== free) put(print, holdersBefore[i] as Holder);
    });
  }

  /** Moves up what stood behind a place that became free, and would not be found across it. */
  function close(place: number): void {
    let gap = place;
    for (let at = (gap + 1) & mask; prints[at] !== free; at = (at + 1) & mask) {
      // It may move unless its own place lies behind the gap.
      if (((at - prints[at]!) & mask) < ((at - gap) & mask)) continue;
      prints[gap] = prints[at]!;
      holders[gap] = holders[at];
      gap = at;
    }
    prints[gap] = free;
    holders[gap] = undefined;
  }

  return {
    get size() {
      return size;
    },
    find(sought) {
      const print = printOf(sought.hash);
      let at = print & mask;
      for (let there = prints[at]; there !== free; there = prints[at]) {
        if (there === print) {
          const holder = holders[at] as Holder;
          if (holds(holder, sought)) return holder;
        }
        at = (at + 1) & mask;
      }
      return undefined;
    },
    add(hash, holder) {
      if (2 * ++size > mask) grow();
      put(printOf(hash), holder);
    },
    replace(hash, before, after) {
      holders[placeOf(hash, before)] = after;
    },
    delete(hash, holder) {
      const at = placeOf(hash, holder);
      if (at < 0) return false;
      close(at);
      size--;
      return true;
    },
  };
}

function emptied(capacity: number): (Holder | undefined)[] {
  return Array.from<Holder | undefined>({ length: capacity });
}

function holds(holder: Holder, { scope, value }: Sought): boolean {
  if (holder instanceof Token) return holder.value === value && holder.scope === scope;
  // A node is there under its own ids only.
  return (scope === undefined || scope === 'id') && (holder.id === value || holder.ids.includes(value));
}
