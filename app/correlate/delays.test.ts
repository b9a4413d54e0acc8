import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logDensities, median, rangeOf, tailOf } from './delays.ts';

const delays = fc.array(fc.integer({ min: -1e7, max: 1e7 }), { minLength: 1, maxLength: 60 });

test('delays that vary little are likelier than those that vary much, at any scale', () => {
  const steady = Array.from({ length: 20 }, (_, i) => 10_000 + i);
  const loose = Array.from({ length: 20 }, (_, i) => i * 700);
  expect(Math.min(...logDensities(steady))).toBeGreaterThan(Math.max(...logDensities(loose)));
  expect(logDensities(steady)).toEqual(logDensities(steady.map((delay) => delay - 9_000)));
});

test('what lies far from the rest is less likely than the rest', () => {
  const all = [...Array.from({ length: 20 }, (_, i) => 100 + i), 60_000];
  const densities = logDensities(all);
  expect(densities.at(-1)).toBe(Math.min(...densities));
  expect(densities.filter((density) => density === densities.at(-1))).toHaveLength(1);
});

test('each delay has its density, in whatever order they are given', () => {
  fc.assert(
    fc.property(delays, (given) => {
      const densities = logDensities(given);
      expect(densities).toHaveLength(given.length);
      expect(densities.every(Number.isFinite)).toBe(true);
      expect(logDensities(given.toReversed())).toEqual(densities.toReversed());
    }),
  );
});

test('a range holds all that it was made of', () => {
  fc.assert(
    fc.property(delays, (given) => {
      const { least, most } = rangeOf(given);
      for (const delay of given) {
        expect(delay).toBeGreaterThanOrEqual(least);
        expect(delay).toBeLessThanOrEqual(most);
      }
    }),
  );
});

test('a range does not move with every delay', () => {
  expect(rangeOf([100, 110])).toEqual(rangeOf([101, 115]));
});

test('the median of nothing is 0, and of an even number the upper one', () => {
  expect([median([]), median([5]), median([9, 1]), median([3, 1, 2])]).toEqual([0, 5, 9, 2]);
});

test('a tail is above where things take at least some time, and below where they are seen from their end', () => {
  const takes = Array.from({ length: 40 }, (_, i) => 20 + 400 * (i / 40) ** 4);
  expect(tailOf(takes)).toBeGreaterThan(0.4);
  expect(tailOf(takes.map((delay) => 1_500 - delay))).toBeLessThan(-0.4);
  fc.assert(
    fc.property(delays, fc.integer({ min: -1e6, max: 1e6 }), (some, moved) => {
      expect(Math.abs(tailOf(some))).toBeLessThanOrEqual(1);
      // Clocks that differ change nothing.
      expect(tailOf(some.map((delay) => delay + moved))).toBeCloseTo(tailOf(some), 6);
    }),
  );
  expect(tailOf([1, 2, 900])).toBe(0);
});
