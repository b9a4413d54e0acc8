/** Something that happened at a time (epoch ms) and has a name. */
interface Timed {
  readonly id: string;
  readonly time: number;
}

interface Arc {
  readonly from: string;
  readonly to: string;
}

/**
 * Orders so that causes come before effects, and else by time, then id. Clocks may disagree: the links win. Where links
 * run in a circle (bad data), the earliest of it goes first.
 */
export function causalOrder<T extends Timed>(items: readonly T[], arcs: readonly Arc[]): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const open = new Map(items.map(({ id }) => [id, 0]));
  const effects = new Map<string, string[]>();
  for (const { from, to } of arcs) {
    if (from === to || !byId.has(from) || !byId.has(to)) continue;
    open.set(to, (open.get(to) ?? 0) + 1);
    const known = effects.get(from);
    if (known) known.push(to);
    else effects.set(from, [to]);
  }
  const waiting = items.toSorted(earlier);
  const placed = new Set<string>();
  const order: T[] = [];
  const ready = new Heap<T>(earlier);
  for (const item of waiting) if (open.get(item.id) === 0) ready.push(item);
  let next = 0;
  while (order.length < byId.size) {
    const item = ready.pop() ?? waiting[next++];
    if (!item) break;
    if (placed.has(item.id)) continue;
    placed.add(item.id);
    order.push(item);
    for (const id of effects.get(item.id) ?? []) {
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      const effect = byId.get(id);
      if (left === 0 && effect && !placed.has(id)) ready.push(effect);
    }
  }
  return order;
}

function earlier(a: Timed, b: Timed): number {
  return a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** A binary heap: the least first. */
class Heap<T> {
  private readonly items: T[] = [];
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  push(item: T): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.swapIfLess(at, above)) return;
      at = above;
    }
  }

  pop(): T | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (top === undefined || last === undefined || this.items.length === 0) return top;
    this.items[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const least = this.less(right, left) ? right : left;
      if (!this.swapIfLess(least, at)) return top;
      at = least;
    }
  }

  private less(a: number, b: number): boolean {
    const first = this.items[a];
    const second = this.items[b];
    return first !== undefined && second !== undefined && this.compare(first, second) < 0;
  }

  private swapIfLess(a: number, b: number): boolean {
    if (!this.less(a, b)) return false;
    const kept = this.items[a] as T;
    this.items[a] = this.items[b] as T;
    this.items[b] = kept;
    return true;
  }
}
