/** An arc from a cause to an effect, both by number, and how much is gained by believing it. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/**
 * The heaviest set of arcs in which nothing has two causes and nothing is among its own causes: a maximum branching, found
 * by Edmonds' algorithm (J. Edmonds, Optimum branchings, 1967; in the recursive form of R. E. Tarjan, Finding optimum
 * branchings, 1977, without its heaps). Arcs without a positive weight are left out. For each node its arc, if it has one.
 *
 * Of arcs that weigh the same the earlier wins, so the result depends on their order and nothing else.
 */
export function heaviestBranching<A extends Arc>(nodes: number, arcs: readonly A[]): (A | undefined)[] {
  const chosen = branch(
    nodes,
    arcs
      .filter(({ weight, from, to }) => weight > 0 && from !== to)
      .map((arc) => ({ from: arc.from, to: arc.to, weight: arc.weight, arc })),
  );
  const result: (A | undefined)[] = Array.from({ length: nodes });
  for (const { arc } of chosen) result[arc.to] = arc;
  return result;
}

interface Inner<A> {
  readonly from: number;
  readonly to: number;
  /** What it is worth beyond what it replaces. */
  readonly weight: number;
  readonly arc: A;
  /** What it was before a circle became one node. */
  readonly of?: Inner<A>;
}

function branch<A>(nodes: number, arcs: readonly Inner<A>[]): Inner<A>[] {
  const best: (Inner<A> | undefined)[] = Array.from({ length: nodes });
  for (const arc of arcs) {
    const known = best[arc.to];
    if (!known || arc.weight > known.weight) best[arc.to] = arc;
  }
  const circle = circleOf(best);
  if (!circle) return best.filter((arc) => arc !== undefined);

  // The circle becomes one node. Coming in costs the arc of the circle that it takes the place of.
  const inCircle = new Set(circle);
  const weakest = circle.reduce((least, node) => Math.min(least, best[node]!.weight), Infinity);
  const inner = arcs.flatMap((arc): Inner<A>[] => {
    const from = inCircle.has(arc.from) ? nodes : arc.from;
    const to = inCircle.has(arc.to) ? nodes : arc.to;
    if (from === nodes && to === nodes) return [];
    const weight = to === nodes ? arc.weight - best[arc.to]!.weight + weakest : arc.weight;
    return weight > 0 || to !== nodes ? [{ from, to, weight, arc: arc.arc, of: arc }] : [];
  });
  const outer = branch(nodes + 1, inner).map(({ of }) => of as Inner<A>);
  const entry = outer.find(({ to }) => inCircle.has(to));
  // Where nothing comes in, the circle is broken at its weakest arc.
  const left = entry?.to ?? circle.find((node) => best[node]!.weight === weakest);
  return [...outer, ...circle.filter((node) => node !== left).map((node) => best[node] as Inner<A>)];
}

/** Nodes of a circle of arcs, if there is one. */
function circleOf(arcs: readonly (Inner<unknown> | undefined)[]): number[] | undefined {
  const seen = new Map<number, number>();
  for (let start = 0; start < arcs.length; start++) {
    const path: number[] = [];
    let at = start;
    while (!seen.has(at)) {
      seen.set(at, start);
      path.push(at);
      const arc = arcs[at];
      if (!arc) break;
      at = arc.from;
    }
    if (arcs[at] && seen.get(at) === start && path.includes(at) && arcs[path.at(-1) as number]?.from === at)
      return path.slice(path.indexOf(at));
  }
  return undefined;
}
