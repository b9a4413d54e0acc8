import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allTime, boundsOf, parseRange, printRange } from './time-range.ts';
import type { TimeRange } from './time-range.ts';

const read = (address: string): TimeRange => parseRange(new URLSearchParams(address));

const time = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });
const range: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constant(allTime),
  fc.constant<TimeRange>({ kind: 'today' }),
  // As many digits as the grammar reads.
  fc.integer({ min: 1, max: 999_999_999 }).map((span): TimeRange => ({ kind: 'last', span })),
  fc.tuple(time, time).map(([a, b]): TimeRange => ({
    kind: 'between',
    from: Math.min(a, b),
    to: Math.max(a, b),
  })),
  time.map((from): TimeRange => ({ kind: 'between', from })),
  time.map((to): TimeRange => ({ kind: 'between', to })),
);

test('reads what people type into an address, and takes nonsense for all of time', () => {
  expect(read('last=15m')).toEqual({ kind: 'last', span: 900_000 });
  expect(read('last=today')).toEqual({ kind: 'today' });
  expect(read('from=2026-03-01T10:00Z&to=2026-03-01T09:00Z')).toEqual({
    kind: 'between',
    from: Date.UTC(2026, 2, 1, 9),
    to: Date.UTC(2026, 2, 1, 10),
  });
  for (const odd of ['', 'last=0m', 'last=soon', 'from=yesterday', 'from=15m', 'last=-5m'])
    expect(read(odd)).toEqual(allTime);
});

test('every range is read back from its address, and whatever stands there is a range', () => {
  fc.assert(
    fc.property(range, (asked) => {
      expect(read(new URLSearchParams(printRange(asked)).toString())).toEqual(asked);
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('last', 'from', 'to'), fc.string()), (parameters) => {
      const { from, to } = boundsOf(parseRange(new URLSearchParams(parameters)), Date.now());
      if (from !== undefined && to !== undefined) expect(from).toBeLessThanOrEqual(to);
    }),
  );
});

test('a range that ends now moves along, and today begins at midnight', () => {
  const now = new Date(2026, 2, 1, 13, 30).getTime();
  expect(boundsOf({ kind: 'last', span: 60_000 }, now)).toEqual({ from: now - 60_000 });
  expect(boundsOf({ kind: 'today' }, now)).toEqual({ from: new Date(2026, 2, 1).getTime() });
  expect(boundsOf(allTime, now)).toEqual({});
});
