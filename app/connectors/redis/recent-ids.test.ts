import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecentIds } from './recent-ids.ts';

test('gives exactly the ids in between, or says that it does not know', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
  const bound = fc.integer({ min: 0, max: 200 });
  fc.assert(
    fc.property(numbers, bound, bound, bound, (list, after, upTo, forgotten) => {
      const sorted = list.toSorted((a, b) => a - b);
      const recent = createRecentIds('0-0', 30);
      for (const n of sorted) recent.add(`${n}-0`);
      recent.forget(`${Math.min(forgotten, sorted.at(-1)!)}-0`);
      const expected = sorted.filter((n) => n > after && n <= upTo).map((n) => `${n}-0`);
      expect([undefined, expected]).toContainEqual(recent.between(`${after}-0`, `${upTo}-0`));
      if (after >= forgotten && sorted.length <= 30)
        expect(recent.between(`${after}-0`, `${upTo}-0`)).toEqual(expected);
      expect(recent.position).toBe(`${sorted.at(-1)}-0`);
    }),
  );
});
