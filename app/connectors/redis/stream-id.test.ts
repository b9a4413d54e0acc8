import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning, compareIds, idBefore, msOf, nextId } from './stream-id.ts';

const max = 2n ** 64n - 1n;
const part = fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, max));
const pair = fc.tuple(part, part);
const idOf = ([ms, seq]: readonly [bigint, bigint]) => `${ms}-${seq}`;

test('ids are ordered as pairs of numbers of 64 bits', () => {
  fc.assert(
    fc.property(pair, pair, (a, b) => {
      const byNumber = a[0] === b[0] ? (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) : a[0] < b[0] ? -1 : 1;
      expect(Math.sign(compareIds(idOf(a), idOf(b)))).toBe(byNumber);
    }),
  );
  expect(compareIds('5', '5-0')).toBe(0);
});

test('between an id and the next there is none', () => {
  fc.assert(
    fc.property(pair, ([ms, seq]) => {
      fc.pre(ms < max);
      const next = nextId(idOf([ms, seq]));
      expect(compareIds(next, idOf([ms, seq]))).toBeGreaterThan(0);
      expect(next).toBe(seq === max ? `${ms + 1n}-0` : `${ms}-${seq + 1n}`);
    }),
  );
});

test('a moment is after everything before it, and before everything of it', () => {
  expect(compareIds(idBefore(1_000.9), '999-18446744073709551615')).toBe(0);
  expect(compareIds(idBefore(1_000), '1000-0')).toBeLessThan(0);
  expect(idBefore(0)).toBe(beginning);
  expect(msOf('1795414165291-7')).toBe(1_795_414_165_291);
});
