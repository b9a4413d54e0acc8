import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stackedBars, totals } from './bars.ts';

test('bars stand on each other, and a single event among many is still seen', () => {
  const series = [
    { system: 'kafka', counts: [10_000, 1, 0] },
    { system: 'redis', counts: [0, 0, 5000] },
  ];
  expect(stackedBars(series)).toEqual([
    { system: 'kafka', path: 'M0 100h0.8v-96h-0.8zM1 100h0.8v-4h-0.8z' },
    { system: 'redis', path: 'M2 100h0.8v-48h-0.8z' },
  ]);
  expect(totals(series)).toEqual([10_000, 1, 5000]);
});

test('bars never leave their box', () => {
  const counts = fc.array(fc.nat(1e6), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 4 }), (all) => {
      const drawn = stackedBars(all.map((each, at) => ({ system: String(at), counts: each })));
      for (const { path } of drawn)
        for (const [, from, up] of path.matchAll(/M\d ([\d.]+)h0\.8v(-[\d.]+|0|-0)h/g))
          expect(Number(from) + Number(up)).toBeGreaterThanOrEqual(-0.1);
    }),
  );
});
