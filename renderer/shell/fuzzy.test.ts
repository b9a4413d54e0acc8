import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyScore } from './fuzzy.ts';

const names = [
  'Traces',
  'Events',
  'Connections',
  'Add a connection',
  'Time: last 15 min',
  'Use the dark theme',
];
const found = (typed: string): string[] =>
  names
    .map((name) => ({ name, score: fuzzyScore(typed, name) }))
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map(({ name }) => name);

test('finds a command by the beginning of its words, or by a few of its letters', () => {
  expect(found('ev')[0]).toBe('Events');
  expect(found('ac')[0]).toBe('Add a connection');
  expect(found('dark')).toEqual(['Use the dark theme']);
  expect(found('15')).toEqual(['Time: last 15 min']);
  expect(found('connection')[0]).toBe('Connections');
  expect(found('xyz')).toEqual([]);
  expect(found('')).toHaveLength(names.length);
});

test('a name always answers to any part of itself', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(text, fc.nat(20), fc.nat(20), (name, start, length) => {
      expect(fuzzyScore(name.slice(start, start + length), name)).toBeDefined();
    }),
  );
});
