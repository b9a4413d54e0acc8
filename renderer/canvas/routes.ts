/** Where a chip lies in the grid of the canvas. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

interface Wire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * How an edge runs, before anything has a size. Edges only ever run in gutters (between columns; gutter g is right of
 * column g), in corridors (between rows; corridor k is above row k) and along rows that hold no chip there: so no edge
 * crosses a chip.
 */
export interface Plan {
  readonly id: string;
  readonly from: Cell;
  readonly to: Cell;
  /** Gutter and slot of the first vertical; absent when the edge is straight. */
  readonly leave?: { readonly gutter: number; slot: number };
  /** Corridor and slot of a detour, with the gutter and slot of the second vertical. */
  readonly detour?: { readonly corridor: number; slot: number; readonly gutter: number; arriveSlot: number };
}

export interface Plans {
  readonly plans: readonly Plan[];
  /** Slots used, by gutter; gutter −1 is left of the first column. */
  readonly gutters: ReadonlyMap<number, number>;
  /** Slots used, by corridor. */
  readonly corridors: ReadonlyMap<number, number>;
}

/** Decides how each edge runs and gives lines that would lie upon each other slots of their own. */
export function planRoutes(wires: readonly Wire[], cells: ReadonlyMap<string, Cell>): Plans {
  const taken = new Set([...cells.values()].map(({ row, column }) => `${row}/${column}`));
  const free = (row: number, from: number, to: number): boolean => {
    for (let column = from; column <= to; column++) if (taken.has(`${row}/${column}`)) return false;
    return true;
  };
  const gutters = new Slots();
  const corridors = new Slots();
  const plans: Plan[] = [];
  const claims: (() => void)[] = [];
  for (const { id, from: source, to: target } of wires) {
    const from = cells.get(source);
    const to = cells.get(target);
    if (!from || !to) continue;
    const ahead = to.column > from.column;
    const targetFree = ahead && free(to.row, from.column + 1, to.column - 1);
    const sourceFree = ahead && free(from.row, from.column + 1, to.column - 1);
    if (from.row === to.row && targetFree) {
      plans.push({ id, from, to });
    } else if (targetFree || sourceFree) {
      const leave = { gutter: targetFree ? from.column : to.column - 1, slot: 0 };
      const owner = targetFree ? `from ${source}` : `to ${target}`;
      const ask = gutters.ask(leave.gutter, owner, from.row * 2 + 1, to.row * 2 + 1);
      claims.push(() => (leave.slot = ask()));
      plans.push({ id, from, to, leave });
    } else {
      const corridor = to.row > from.row ? to.row : to.row + 1;
      const leave = { gutter: from.column, slot: 0 };
      const detour = { corridor, slot: 0, gutter: to.column - 1, arriveSlot: 0 };
      const out = gutters.ask(leave.gutter, `from ${source}`, from.row * 2 + 1, corridor * 2);
      const along = corridors.ask(
        corridor,
        id,
        Math.min(leave.gutter, detour.gutter),
        Math.max(leave.gutter, detour.gutter),
      );
      const back = gutters.ask(detour.gutter, `to ${target}`, corridor * 2, to.row * 2 + 1);
      claims.push(() => {
        leave.slot = out();
        detour.slot = along();
        detour.arriveSlot = back();
      });
      plans.push({ id, from, to, leave, detour });
    }
  }
  const counts = { gutters: gutters.settle(), corridors: corridors.settle() };
  for (const claim of claims) claim();
  return { plans, ...counts };
}

/** Gives spans in a gutter or corridor the first slot in which they meet no other; spans of one owner share a trunk. */
class Slots {
  private readonly wanted = new Map<number, Map<string, { low: number; high: number; slot: number }>>();

  /** Registers a span; the answer gives its slot once all are settled. */
  ask(place: number, owner: string, a: number, b: number): () => number {
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    const here = this.wanted.get(place) ?? new Map<string, { low: number; high: number; slot: number }>();
    this.wanted.set(place, here);
    const known = here.get(owner);
    const span = known ?? { low, high, slot: 0 };
    span.low = Math.min(span.low, low);
    span.high = Math.max(span.high, high);
    here.set(owner, span);
    return () => span.slot;
  }

  settle(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const [place, spans] of this.wanted) {
      const ends: number[] = [];
      for (const span of [...spans.values()].toSorted((a, b) => a.low - b.low || a.high - b.high)) {
        const found = ends.findIndex((end) => end < span.low);
        span.slot = found === -1 ? ends.length : found;
        ends[span.slot] = span.high;
      }
      counts.set(place, ends.length);
    }
    return counts;
  }
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An SVG path through the points, with round corners. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let path = `M${start.x},${start.y}`;
  let before = start;
  for (const [index, point] of rest.entries()) {
    const after = rest[index + 1];
    if (!after) return `${path}L${point.x},${point.y}`;
    const size = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    const into = towards(point, before, size);
    const out = towards(point, after, size);
    path += `L${into.x},${into.y}Q${point.x},${point.y} ${out.x},${out.y}`;
    before = point;
  }
  return path;
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

/** The point `size` away from `from` on the way to `to`; both lie on one horizontal or vertical. */
function towards(from: Point, to: Point, size: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * size, y: from.y + Math.sign(to.y - from.y) * size };
}
