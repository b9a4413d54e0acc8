import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absolute, ago, bytes, delta, deltas, duration, period, rate, tail } from './format.ts';

describe('durations', () => {
  test('have two significant figures and the unit that suits them', () => {
    const told = [0, 0.353, 1.24, 12.4, 124, 999, 1240, 45_390, 59_900, 144_000, 5_400_000, 200_000_000].map(
      duration,
    );
    expect(told).toEqual([
      '0 ms',
      '0.35 ms',
      '1.2 ms',
      '12 ms',
      '120 ms',
      '1.0 s',
      '1.2 s',
      '45 s',
      '1.0 min',
      '2.4 min',
      '1.5 h',
      '2.3 d',
    ]);
    expect(delta(120)).toBe('+120 ms');
    expect(delta(-3)).toBe('−3.0 ms');
  });

  test('are within five per cent of the truth, and never throw', () => {
    const sizes = new Map([
      ['ms', 1],
      ['s', 1000],
      ['min', 60_000],
      ['h', 3_600_000],
      ['d', 86_400_000],
    ]);
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (ms) => {
        const [figure, unit] = duration(ms).split(' ');
        const read = Number(figure) * (sizes.get(unit ?? '') ?? Number.NaN);
        expect(Math.abs(read - ms) / ms).toBeLessThanOrEqual(0.051);
      }),
    );
    expect(duration(Number.NaN)).toBe('–');
  });
});

test('times say how long ago, and exactly when', () => {
  expect([0, 1000, 12_900, 190_000, 7_200_000, 432_000_000].map((past) => ago(0, past))).toEqual([
    'now',
    '1 s ago',
    '12 s ago',
    '3 min ago',
    '2 h ago',
    '5 d ago',
  ]);
  expect(ago(10_000, 0)).toBe('in 10 s');
  expect(absolute(Date.UTC(2026, 2, 1, 10))).toMatch(/^2026-0[23]-\d\d \d\d:\d\d:00\.000 [+−]\d\d:\d\d$/);
  const noon = new Date(2026, 2, 1, 12).getTime();
  expect(period(noon, noon + 61_000, noon)).toBe('12:00:00 to 12:01:01');
  expect(period(noon - 86_400_000, undefined, noon)).toBe('since 2026-02-28 12:00:00');
});

test('sizes, rates and keys are short', () => {
  expect([0, 999, 1400, 5_240_000].map(bytes)).toEqual(['0 B', '999 B', '1.4 kB', '5.2 MB']);
  expect([0, 3.44, 1234.5].map(rate)).toEqual(['0 events/s', '3.4 events/s', '1,235 events/s']);
  expect(tail('order-12345', 5)).toBe('…12345');
});

test('times side by side are told apart, with no more figures than that takes', () => {
  expect(deltas([0, 54, 1180, 1214, 1214])).toEqual(['+0 ms', '+54 ms', '+1.2 s', '+1.21 s', '+1.2 s']);
  expect(deltas([1210.4, 1214.9])).toEqual(['+1.2 s', '+1.215 s']);
});
