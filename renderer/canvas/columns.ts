/** A column of the canvas: events that happened at about the same time and did not cause each other. Epoch ms. */
export interface Column {
  readonly start: number;
  readonly end: number;
}

interface Placed {
  readonly id: string;
  readonly lane: string;
  readonly time: number;
}

/** Events of one column lie at most this far apart, ms. */
const together = 100;
/** Events of one lane stacked in one column, at most. */
const stack = 3;

/**
 * Gives each node a column, from left to right in time. An effect is always to the right of its causes, whatever the
 * clocks say. Later events only add columns on the right, so what is on screen stays where it is.
 */
export function assignColumns(
  ordered: readonly Placed[],
  arcs: readonly { readonly from: string; readonly to: string }[],
): { readonly of: ReadonlyMap<string, number>; readonly columns: readonly Column[] } {
  const causes = Map.groupBy(arcs, ({ to }) => to);
  const of = new Map<string, number>();
  const columns: { start: number; end: number; lanes: Map<string, number> }[] = [];
  for (const { id, lane, time } of ordered) {
    const least = Math.max(
      0,
      ...(causes.get(id) ?? []).map(({ from }) => {
        const column = from === id ? undefined : of.get(from);
        return column === undefined ? 0 : column + 1;
      }),
    );
    const last = columns.length - 1;
    const current = columns[last];
    const full = (current?.lanes.get(lane) ?? 0) >= stack;
    if (current && least <= last && time - current.start <= together && !full) {
      current.end = Math.max(current.end, time);
      current.start = Math.min(current.start, time);
      current.lanes.set(lane, (current.lanes.get(lane) ?? 0) + 1);
      of.set(id, last);
    } else {
      columns.push({ start: time, end: time, lanes: new Map([[lane, 1]]) });
      of.set(id, columns.length - 1);
    }
  }
  return { of, columns: columns.map(({ start, end }) => ({ start, end })) };
}

/**
 * The length, px, at which a wait is drawn: nothing up to 10 ms, then the same length for each tenfold, so that
 * milliseconds and days fit into one picture: 100 ms 24, 1 s 48, 10 s 72, an hour 133.
 */
export function waitLength(ms: number): number {
  return ms <= 10 ? 0 : Math.round(24 * Math.log10(ms / 10));
}
