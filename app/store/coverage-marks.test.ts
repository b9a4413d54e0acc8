import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Coverage } from '../model/delivery.ts';
import { addMark } from './coverage-marks.ts';
import { orders } from './test-support/make.ts';

const range = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 8 }))
  .map(([from, length]) => ({ from, to: from + length }));

const byOffset = ({ from, to }: { from: number; to: number }): Coverage => ({
  kind: 'coverage',
  channel: orders,
  state: 'read',
  fromOffset: String(from),
  toOffset: String(to),
});
const byTime = ({ from, to }: { from: number; to: number }): Coverage => ({
  kind: 'coverage',
  channel: orders,
  state: 'read',
  from,
  to,
});

test.each([
  ['offsets', byOffset, (m: Coverage) => [Number(m.fromOffset), Number(m.toOffset)] as const],
  ['times', byTime, (m: Coverage) => [m.from!, m.to!] as const],
])('read marks by %s cover what they covered apart, and none touches another', (_, make, bounds) => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
      const marks: Coverage[] = [];
      for (const one of ranges) addMark(marks, make(one));
      const covered = new Set(
        ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (__, i) => from + i)),
      );
      const left = marks.map(bounds).sort((a, b) => a[0] - b[0]);
      for (const [at, [from]] of left.entries()) {
        if (at > 0) expect(from).toBeGreaterThan(left[at - 1]![1]);
      }
      const merged = left.flatMap(([from, to]) => Array.from({ length: to - from }, (__, i) => from + i));
      expect(new Set(merged)).toEqual(covered);
    }),
  );
});

test('gaps are kept, each with its own reason, and end no read mark beside them', () => {
  const gap = (from: number, to: number, reason: string): Coverage => ({
    kind: 'coverage',
    channel: orders,
    state: 'gap',
    from,
    to,
    reason,
  });
  const marks: Coverage[] = [];
  addMark(marks, byTime({ from: 0, to: 5 }));
  addMark(marks, gap(5, 7, 'detached'));
  addMark(marks, gap(7, 9, 'detached'));
  addMark(marks, byTime({ from: 9, to: 12 }));
  expect(marks).toEqual([
    byTime({ from: 0, to: 5 }),
    gap(5, 7, 'detached'),
    gap(7, 9, 'detached'),
    byTime({ from: 9, to: 12 }),
  ]);
});
