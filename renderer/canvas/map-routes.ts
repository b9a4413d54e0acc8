import type { Place, Places } from '../state/map-places.ts';
import { nodeSize } from './map-layout.ts';
import { detour, edgeCurve, edgeEnds, pointAt } from './map-path.ts';
import type { Curve } from './map-path.ts';
import type { Point } from './routes.ts';

interface Arc {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** In a map with more nodes nobody follows a single line, and looking for a way round would take too long. */
const most = 150;
/** Air between a line and a node that it passes, and between lines side by side, px. */
const air = 12;
const beside = 7;
/** Nearer than this a line seems to touch a node, px. */
const touching = 6;
/** Points of a curve that are looked at, px apart. */
const apart = 14;

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
  const near = [...others, from, to].filter(({ x }) => x < right + air && x + nodeSize.width > left - air);
  const heights = near.flatMap(({ y }) => [y - air, y + nodeSize.height + air]);
  const isTaken = (y: number): boolean =>
    taken.some((each) => Math.abs(each.y - y) < beside && each.left < right && each.right > left);
  /** The nearest height beside lines that go there already. */
  const free = (y: number, way: number): number => {
    let spot = y;
    for (let tries = 0; tries < 6 && isTaken(spot); tries++) spot += way * beside;
    return spot;
  };
  let best = { curve: straight, cost: cost(straight, others, Math.abs(end.y - start.y)), y: Number.NaN };
  // What leads back also passes its own ends.
  const passed = end.x > start.x ? others : [...others, from, to];
  for (const [index, height] of heights.entries()) {
    const y = free(height, index % 2 === 0 ? -1 : 1);
    const curve = detour(from, to, y);
    const price = cost(curve, passed, Math.abs(y - start.y) + Math.abs(y - end.y));
    if (price < best.cost) best = { curve, cost: price, y };
  }
  if (!Number.isNaN(best.y)) taken.push({ y: best.y, left, right });
  return best.curve;
}

/** A node in the way is worse than any way round. */
function cost(curve: Curve, others: readonly Point[], length: number): number {
  return hits(curve, others) * 10_000 + length;
}

/** How many of the nodes a curve goes behind. */
function hits(curve: Curve, others: readonly Point[]): number {
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) return 0;
  const steps = Math.min(
    160,
    Math.ceil((Math.abs(last.x - first.x) + Math.abs(last.y - first.y)) / apart) + 12,
  );
  const points = Array.from({ length: steps - 1 }, (_, index) => pointAt(curve, (index + 1) / steps));
  return others.filter(({ x, y }) =>
    points.some(
      (point) =>
        point.x > x - touching &&
        point.x < x + nodeSize.width + touching &&
        point.y > y - touching &&
        point.y < y + nodeSize.height + touching,
    ),
  ).length;
}
