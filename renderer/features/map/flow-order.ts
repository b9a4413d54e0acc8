import type { Place } from '../../state/map-places.ts';
import type { MapEdge } from '../../state/map-model.ts';

type Places = ReadonlyMap<string, Place>;

/** Nodes as one reads the map: column after column along the flow, each from top to bottom. */
export function flowOrder(ids: readonly string[], places: Places): string[] {
  const column = (id: string): number => Math.round((places.get(id)?.x ?? 0) / 96);
  return ids
    .filter((id) => places.has(id))
    .toSorted(
      (a, b) =>
        column(a) - column(b) || (places.get(a)?.y ?? 0) - (places.get(b)?.y ?? 0) || (a < b ? -1 : 1),
    );
}

/** Which way each arrow key points. */
export const ways = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
} as const;

export type Arrow = keyof typeof ways;

/** The node that lies nearest in the direction of an arrow key; what lies aside counts as further. */
export function nearest(
  from: string,
  arrow: Arrow,
  ids: readonly string[],
  places: Places,
): string | undefined {
  const start = places.get(from);
  if (!start) return undefined;
  const [wayX, wayY] = ways[arrow];
  let best: string | undefined;
  let shortest = Infinity;
  for (const id of ids) {
    const place = places.get(id);
    if (!place || id === from) continue;
    const [dx, dy] = [place.x - start.x, place.y - start.y];
    const along = dx * wayX + dy * wayY;
    const aside = Math.abs(dx * wayY) + Math.abs(dy * wayX);
    const distance = along + 3 * aside;
    if (along <= 0 || aside > along * 3 || distance >= shortest) continue;
    shortest = distance;
    best = id;
  }
  return best;
}

/** Where the most comes from, or goes to. */
export function neighbour(
  of: string,
  way: 'upstream' | 'downstream',
  edges: Iterable<MapEdge>,
): string | undefined {
  let best: MapEdge | undefined;
  for (const edge of edges) {
    if (edge.from === edge.to || (way === 'upstream' ? edge.to : edge.from) !== of) continue;
    if (!best || edge.width > best.width) best = edge;
  }
  return best && (way === 'upstream' ? best.from : best.to);
}
