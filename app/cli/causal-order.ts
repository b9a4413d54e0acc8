interface Timed {
  readonly id: string;
  readonly time: number;
}
interface Directed {
  readonly from: string;
  readonly to: string;
  readonly evidence: string;
  readonly confidence: number;
}

/**
 * Events so that each cause comes before its effects, and else by time: clocks differ, causes do not. Links that go
 * round in a circle order nothing.
 */
export function causalOrder<E extends Timed>(events: readonly E[], links: readonly Directed[]): E[] {
  const byTime = events.toSorted((a, b) => a.time - b.time);
  const rank = new Map(byTime.map((event, index) => [event.id, index]));
  const causes = Map.groupBy(
    causal(links).filter(({ from, to }) => rank.has(from) && rank.has(to)),
    (link) => link.to,
  );
  const ordered = new Set<E>();
  const begun = new Set<E>();
  // On a stack of its own: a chain of events may be longer than the call stack is deep.
  for (const next of byTime) {
    const stack = [next];
    for (let event = stack.at(-1); event; event = stack.at(-1)) {
      const before = begun.has(event) ? [] : (causes.get(event.id) ?? []);
      begun.add(event);
      const missing = before
        .map((link) => rank.get(link.from) ?? 0)
        .sort((a, b) => b - a)
        .flatMap((index) => byTime[index] ?? [])
        .filter((cause) => !begun.has(cause));
      if (missing.length > 0) {
        stack.push(...missing);
      } else {
        stack.pop();
        ordered.add(event);
      }
    }
  }
  return [...ordered];
}

/** An event in the tree of a trace: under the cause that is surest, or a root. */
export interface Branch<E, L> {
  readonly event: E;
  /** The link that it hangs on; none for a root. */
  readonly cause?: L;
  /** Further causes, which the tree cannot show. */
  readonly otherCauses: readonly L[];
  readonly effects: Branch<E, L>[];
}

/** The events of a trace as trees of causes and effects, each event once, effects in the order of time. */
export function causalTrees<E extends Timed, L extends Directed>(
  events: readonly E[],
  links: readonly L[],
): Branch<E, L>[] {
  const ordered = causalOrder(events, links);
  const placed = new Map<string, Branch<E, L>>();
  const incoming = Map.groupBy(causal(links), (link) => link.to);
  const roots: Branch<E, L>[] = [];
  for (const event of ordered) {
    // Causes come first, except in a circle; what is not placed yet cannot carry this event.
    const causes = (incoming.get(event.id) ?? [])
      .filter((link) => placed.has(link.from) && link.from !== event.id)
      .toSorted((a, b) => b.confidence - a.confidence);
    const [cause, ...otherCauses] = causes;
    const branch: Branch<E, L> = { event, cause, otherCauses, effects: [] };
    placed.set(event.id, branch);
    (cause ? (placed.get(cause.from)?.effects ?? roots) : roots).push(branch);
  }
  return roots;
}

function causal<L extends Directed>(links: readonly L[]): L[] {
  return links.filter(({ evidence }) => evidence !== 'duplicate');
}
