import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeSize } from './map-layout.ts';
import { edgeCurve, pointAt } from './map-path.ts';

const point = fc.record({
  x: fc.integer({ min: -2000, max: 2000 }),
  y: fc.integer({ min: -2000, max: 2000 }),
});

test('every line leaves at the right of its source and arrives at the left of its target', () => {
  fc.assert(
    fc.property(point, point, (from, to) => {
      const curve = edgeCurve(from, to);
      expect(pointAt(curve, 0)).toEqual({ x: from.x + nodeSize.width, y: from.y + nodeSize.height / 2 });
      expect(pointAt(curve, 1).x).toBeCloseTo(to.x);
      expect(pointAt(curve, 1).y).toBeCloseTo(to.y + nodeSize.height / 2);
    }),
  );
});

test('what leads back goes below both, and a loop above its node', () => {
  const back = pointAt(edgeCurve({ x: 500, y: 40 }, { x: 0, y: 0 }), 0.5);
  expect(back.y).toBeGreaterThan(40 + nodeSize.height);
  expect(pointAt(edgeCurve({ x: 0, y: 0 }, { x: 0, y: 0 }), 0.5).y).toBeLessThan(0);
});
