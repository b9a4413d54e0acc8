import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printPlaces, readPlaces } from './map-places.ts';
import type { Place } from './map-places.ts';

const place: fc.Arbitrary<Place> = fc.record({
  x: fc.integer({ min: -9999, max: 9999 }),
  y: fc.integer({ min: -9999, max: 9999 }),
  by: fc.constantFrom('hand', 'flow', 'parked'),
});

test('places are read back, whatever the nodes are called; what is odd is left out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), place)), (entries) => {
      const places = new Map(entries);
      expect(readPlaces(printPlaces(places))).toEqual(places);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(null)), (text) => {
      for (const { x, y } of readPlaces(text).values()) expect(Number.isFinite(x + y)).toBe(true);
    }),
  );
  expect(readPlaces('[["a",1,2,"hand"],["b",null,2,"flow"],["c",1,2,"wind"],7]')).toEqual(
    new Map([['a', { x: 1, y: 2, by: 'hand' }]]),
  );
});
