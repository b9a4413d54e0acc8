import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../state/map-places.ts';
import { nodeSize } from './map-layout.ts';
import { pointAt } from './map-path.ts';
import type { Curve } from './map-path.ts';
import { routeEdges } from './map-routes.ts';

const at = (x: number, y: number): Place => ({ x, y, by: 'flow' });

function passes(curve: Curve | undefined, place: Place): boolean {
  if (!curve) throw new Error('It has no way.');
  return Array.from({ length: 201 }, (_, index) => pointAt(curve, index / 200)).some(
    ({ x, y }) => x > place.x && x < place.x + nodeSize.width && y > place.y && y < place.y + nodeSize.height,
  );
}

const ids = (places: ReadonlyMap<string, Place>) => [...places.keys()].map((id) => ({ id }));
const edge = (from: string, to: string) => ({ id: `${from} ${to}`, from, to });

test('a line goes round the nodes that lie between its ends, ahead and back', () => {
  const places = new Map([
    ['a', at(0, 0)],
    ['between', at(248, 0)],
    ['b', at(496, 0)],
    ['below', at(248, 80)],
  ]);
  const routes = routeEdges([edge('a', 'b'), edge('b', 'a')], ids(places), places);
  for (const other of ['between', 'below'])
    for (const id of ['a b', 'b a'])
      expect(passes(routes.get(id), places.get(other)!), `${id}, ${other}`).toBe(false);
  // Two lines do not lie upon each other.
  expect(pointAt(routes.get('a b')!, 0.5)).not.toEqual(pointAt(routes.get('b a')!, 0.5));
});

test('where nothing is in the way it goes as it would', () => {
  const places = new Map([
    ['a', at(0, 0)],
    ['b', at(248, 80)],
  ]);
  expect(routeEdges([edge('a', 'b')], ids(places), places).get('a b')).toHaveLength(4);
});

test('in any grid of nodes a line ahead passes behind none', () => {
  const grid = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
    minLength: 2,
    maxLength: 14,
    selector: String,
  });
  fc.assert(
    fc.property(grid, (spots) => {
      const places = new Map(spots.map(([column, row], index) => [`n${index}`, at(column * 248, row * 80)]));
      const [from, to] = [places.get('n0')!, places.get('n1')!];
      fc.pre(to.x > from.x);
      const route = routeEdges([edge('n0', 'n1')], ids(places), places).get('n0 n1');
      for (const [id, place] of places)
        if (id !== 'n0' && id !== 'n1') expect(passes(route, place)).toBe(false);
      expect(pointAt(route!, 0).x).toBe(from.x + nodeSize.width);
      expect(pointAt(route!, 1).x).toBeCloseTo(to.x);
      expect(pointAt(route!, 1).y).toBeCloseTo(to.y + nodeSize.height / 2);
    }),
  );
});
