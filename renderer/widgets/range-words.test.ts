import { expect, test } from 'vitest';
import { allTime } from '../../app/language/time-range.ts';
import { rangeName, rangeWithin } from './range-words.ts';

test('a time range reads like a sentence', () => {
  const now = new Date(2026, 2, 1, 12).getTime();
  const [from, to] = [new Date(2026, 2, 1, 10, 0, 5).getTime(), new Date(2026, 2, 1, 10, 1).getTime()];
  expect(rangeName({ kind: 'last', span: 900_000 }, now)).toBe('Last 15 min');
  expect(rangeName({ kind: 'last', span: 3_600_000 }, now)).toBe('Last hour');
  expect(rangeName({ kind: 'last', span: 7_200_000 }, now)).toBe('Last 2 h');
  expect(rangeName({ kind: 'between', from, to }, now)).toBe('10:00:05 to 10:01:00');
  expect(rangeName({ kind: 'between', from }, now)).toBe('Since 10:00:05');
  expect(rangeWithin({ kind: 'between', from, to }, now)).toBe('from 10:00:05 to 10:01:00');
  expect(rangeWithin({ kind: 'last', span: 3_600_000 }, now)).toBe('in the last hour');
  expect(rangeWithin(allTime, now)).toBe('');
});
