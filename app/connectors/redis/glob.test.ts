import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTaken } from './choice.ts';
import { escapeGlob, matchesGlob } from './glob.ts';

test.each([
  ['*', '', true],
  ['orders.*', 'orders.new', true],
  ['orders.*', 'orders', false],
  ['h?llo', 'hello', true],
  ['h?llo', 'hllo', false],
  ['h[ae]llo', 'hallo', true],
  ['h[^e]llo', 'hello', false],
  ['h[a-c]llo', 'hbllo', true],
  ['h[c-a]llo', 'hbllo', true],
  [String.raw`h\*llo`, 'h*llo', true],
  [String.raw`h\*llo`, 'hello', false],
  ['a-b/c.d+e(f)', 'a-b/c.d+e(f)', true],
  ['a.b', 'axb', false],
  ['line*', 'line\nfeed', true],
  ['[', 'x', false],
])('%s and %s', (pattern, text, matches) => {
  expect(matchesGlob(pattern, text)).toBe(matches);
});

test('an escaped text matches itself and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      expect(matchesGlob(escapeGlob(text), text)).toBe(true);
      expect(matchesGlob(escapeGlob(text), other)).toBe(text === other);
    }),
  );
});

test('any pattern can be asked about any text', () => {
  const glob = fc.stringMatching(/^[a-c*?[\]^\\-]{0,10}$/);
  fc.assert(
    fc.property(glob, fc.string(), (pattern, text) => typeof matchesGlob(pattern, text) === 'boolean'),
  );
});

test('a message that several patterns bring is taken once', () => {
  const patterns = ['orders.*', '*', '__keyevent@*'];
  const taken = (channel: string) => patterns.filter((pattern) => isTaken(patterns, pattern, channel));
  expect(taken('orders.new')).toEqual(['orders.*']);
  expect(taken('other')).toEqual(['*']);
  expect(taken('__keyevent@0__:set')).toEqual(['__keyevent@*']);
  expect(taken('__sentinel__:hello')).toEqual([]);
});
