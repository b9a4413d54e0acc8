import { nodeSize } from './map-layout.ts';
import type { Point } from './routes.ts';

/** A cubic curve: start, two that bend it, end. */
export type Curve = readonly [Point, Point, Point, Point];

/**
 * The curve of an edge from the right side of one node to the left side of another. What leads back is drawn below both
 * in an arc, and a node's edge to itself in a loop above it.
 */
export function edgeCurve(from: Point, to: Point): Curve {
  const start = { x: from.x + nodeSize.width, y: from.y + nodeSize.height / 2 };
  const end = { x: to.x, y: to.y + nodeSize.height / 2 };
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

/** For SVG. */
export function curvePath([a, b, c, d]: Curve): string {
  return `M${a.x} ${a.y}C${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`;
}

/** A point of the curve; `part` goes from 0 to 1. */
export function pointAt([a, b, c, d]: Curve, part: number): Point {
  const rest = 1 - part;
  const of = (axis: 'x' | 'y'): number =>
    rest ** 3 * a[axis] +
    3 * rest ** 2 * part * b[axis] +
    3 * rest * part ** 2 * c[axis] +
    part ** 3 * d[axis];
  return { x: of('x'), y: of('y') };
}
