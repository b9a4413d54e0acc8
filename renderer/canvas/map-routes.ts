import type { Place, Places } from '../state/map-places.ts';
import { nodeSize } from './map-layout.ts';
import { detour, edgeCurve, edgeEnds, pointsOf } from './map-path.ts';
import type { Curve } from './map-path.ts';
import type { Point } from './routes.ts';

interface Arc {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** In a map with more nodes nobody follows a single line, and looking for a way round would take too long. */
const most = 100;
/** Air between a line and a node that it passes, and between lines side by side, px. */
const air = 12;
const beside = 7;
/** Nearer than this a line seems to touch a node, px. */
const touching = 6;
/** Points of a curve that are looked at, px apart. */
const apart = 16;
/** Ways round that are tried. */
const tried = 24;

/** How each edge runs: no line goes behind a node that it has nothing to do with, as far as there is a way round. */
export function routeEdges(
  edges: readonly Arc[],
  nodes: readonly { readonly id: string }[],
  places: Places,
): Map<string, Curve> {
  const boxes = nodes.flatMap(({ id }) => {
    const place = places.get(id);
    return place ? [{ id, ...place }] : [];
  });
  const routes = new Map<string, Curve>();
  const taken: Corridor[] = [];
  for (const { id, from, to } of edges) {
    const [start, end] = [places.get(from), places.get(to)];
    if (!start || !end) continue;
    const straight = edgeCurve(start, end);
    const others = boxes.filter((box) => box.id !== from && box.id !== to);
    routes.set(
      id,
      boxes.length > most || from === to || hits(straight, others) === 0
        ? straight
        : wayRound(start, end, straight, others, taken),
    );
  }
  return routes;
}

/** A height along which a line goes. */
interface Corridor {
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

function wayRound(
  from: Place,
  to: Place,
  straight: Curve,
  others: readonly Point[],
  taken: Corridor[],
): Curve {
  const [start, end] = edgeEnds(from, to);
  const [left, right] = [Math.min(start.x, end.x), Math.max(start.x, end.x)];
  const isNear = ({ x }: Point): boolean => x < right + 2 * nodeSize.width && x + 3 * nodeSize.width > left;
  const isTaken = (y: number): boolean =>
    taken.some((each) => Math.abs(each.y - y) < beside && each.left < right && each.right > left);
  /** The nearest height beside lines that go there already. */
  const free = (y: number, way: number): number => {
    let spot = y;
    for (let tries = 0; tries < 6 && isTaken(spot); tries++) spot += way * beside;
    return spot;
  };
  const length = (y: number): number => Math.abs(y - start.y) + Math.abs(y - end.y);
  const heights = [...others, from, to]
    .filter(isNear)
    .flatMap(({ y }) => [free(y - air, -1), free(y + nodeSize.height + air, 1)])
    .toSorted((a, b) => length(a) - length(b))
    .slice(0, tried);
  // What leads back also passes its own ends.
  const passed = (end.x > start.x ? others : [...others, from, to]).filter(isNear);
  let best = { curve: straight, hits: hits(straight, others), y: Number.NaN };
  // The shortest ways come first: the first that passes no node is the best.
  for (const y of heights) {
    const curve = detour(from, to, y);
    const found = hits(curve, passed);
    if (found < best.hits) best = { curve, hits: found, y };
    if (found === 0) break;
  }
  if (!Number.isNaN(best.y)) taken.push({ y: best.y, left, right });
  return best.curve;
}

/** How many of the nodes a curve goes behind. */
function hits(curve: Curve, others: readonly Point[]): number {
  const points = pointsOf(curve, apart);
  let found = 0;
  for (const { x, y } of others) {
    const [left, right] = [x - touching, x + nodeSize.width + touching];
    const [top, bottom] = [y - touching, y + nodeSize.height + touching];
    if (points.some((point) => point.x > left && point.x < right && point.y > top && point.y < bottom))
      found++;
  }
  return found;
}
