import { nodeSize } from './map-layout.ts';
import type { Point } from './routes.ts';

/** Cubic curves in a row: a start, then for each curve two points that bend it and its end. */
export type Curve = readonly Point[];

/** Where edges leave a node, and where they come in. */
export function edgeEnds(from: Point, to: Point): readonly [Point, Point] {
  return [
    { x: from.x + nodeSize.width, y: from.y + nodeSize.height / 2 },
    { x: to.x, y: to.y + nodeSize.height / 2 },
  ];
}

/**
 * The curve of an edge from the right side of one node to the left side of another. What leads back is drawn below both
 * in an arc, and a node's edge to itself in a loop above it.
 */
export function edgeCurve(from: Point, to: Point): Curve {
  const [start, end] = edgeEnds(from, to);
  if (from.x === to.x && from.y === to.y)
    return [start, { x: start.x + 72, y: start.y - 96 }, { x: end.x - 72, y: end.y - 96 }, end];
  const across = end.x - start.x;
  if (across > 24) {
    const bend = Math.max(32, across / 2);
    return [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
  }
  const reach = 48 + Math.min(72, -across / 10);
  const dip = Math.max(start.y, end.y) + 56 + Math.min(140, -across / 9);
  return [start, { x: start.x + reach, y: dip }, { x: end.x - reach, y: dip }, end];
}

/** Room between columns in which an edge goes up and down, px. */
const gutter = 64;

/** The curve of an edge that goes along at a height of its own, between other nodes. */
export function detour(from: Point, to: Point, y: number): Curve {
  const [start, end] = edgeEnds(from, to);
  const ahead = end.x - start.x > 2 * gutter;
  // What leads back turns round beside its nodes, and goes along below or above them.
  const [leave, arrive] = ahead ? [start.x + gutter, end.x - gutter] : [start.x, end.x];
  const bend = ahead ? gutter / 2 : gutter;
  const third = (arrive - leave) / 3;
  return [
    start,
    ...[
      { x: start.x + bend, y: start.y },
      { x: ahead ? leave - bend : start.x + bend, y },
      { x: leave, y },
    ],
    ...[
      { x: leave + third, y },
      { x: arrive - third, y },
      { x: arrive, y },
    ],
    ...[{ x: ahead ? arrive + bend : end.x - bend, y }, { x: end.x - bend, y: end.y }, end],
  ];
}

/** For SVG. */
export function curvePath([start, ...rest]: Curve): string {
  const points = rest.map(({ x, y }) => `${x} ${y}`);
  return `M${start?.x ?? 0} ${start?.y ?? 0}C${points.join(' ')}`;
}

/** A point of the curve; `part` goes from 0 to 1, and along each of its curves by its length. */
export function pointAt(curve: Curve, part: number): Point {
  const count = (curve.length - 1) / 3;
  const ends = Array.from({ length: count + 1 }, (_, index) => curve[index * 3] as Point);
  const lengths = ends.slice(1).map((end, index) => {
    const { x, y } = ends[index] as Point;
    return Math.max(1, Math.hypot(end.x - x, end.y - y));
  });
  let left = part * lengths.reduce((sum, each) => sum + each, 0);
  let at = 0;
  while (at < count - 1 && left > (lengths[at] ?? 0)) left -= lengths[at++] ?? 0;
  return cubicAt(curve.slice(at * 3, at * 3 + 4), Math.min(1, left / (lengths[at] ?? 1)));
}

/** Points along the curve, so many px apart or nearer; without its ends. */
export function pointsOf(curve: Curve, apart: number): Point[] {
  const points: Point[] = [];
  for (let at = 0; at + 3 < curve.length; at += 3) {
    const part = curve.slice(at, at + 4);
    let reach = 0;
    for (let each = 1; each < 4; each++)
      reach += Math.hypot(
        (part[each]?.x ?? 0) - (part[each - 1]?.x ?? 0),
        (part[each]?.y ?? 0) - (part[each - 1]?.y ?? 0),
      );
    const steps = Math.max(2, Math.ceil(reach / apart));
    for (let step = 1; step <= steps; step++) points.push(cubicAt(part, step / steps));
  }
  points.pop();
  return points;
}

function cubicAt(points: Curve, part: number): Point {
  const [a, b, c, d] = points as readonly [Point, Point, Point, Point];
  const rest = 1 - part;
  const of = (axis: 'x' | 'y'): number =>
    rest ** 3 * a[axis] +
    3 * rest ** 2 * part * b[axis] +
    3 * rest * part ** 2 * c[axis] +
    part ** 3 * d[axis];
  return { x: of('x'), y: of('y') };
}
