import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containsValue } from './find-value.ts';

const has = (haystack: string, needle: string) => containsValue(Buffer.from(haystack), Buffer.from(needle));

test('finds a value between punctuation, at both ends and after a prefix', () => {
  expect(has('{"orderId":1234,"x":1}', '1234')).toBe(true);
  expect(has('1234', '1234')).toBe(true);
  expect(has('ORD-1234', '1234')).toBe(true);
  expect(has('order_1234', '1234')).toBe(true);
});

test('does not find a value inside a longer one', () => {
  expect(has('{"orderId":12345}', '1234')).toBe(false);
  expect(has('{"orderId":51234}', '1234')).toBe(false);
  expect(has('é1234', '1234')).toBe(false);
  expect(has('12345 but also 1234', '1234')).toBe(true);
});

test('asks for no boundary where the value ends with punctuation, and finds nothing for nothing', () => {
  expect(has('a"x":1b', '"x":1')).toBe(false);
  expect(has('a"x":b', '"x":')).toBe(true);
  expect(has('abc', '')).toBe(false);
});

test('finds any word that is set apart, wherever the view into its buffer begins', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  fc.assert(
    fc.property(word, fc.stringMatching(/^[a-z0-9 ,:]{0,30}$/), fc.nat(8), (value, rest, pad) => {
      const whole = Buffer.concat([Buffer.alloc(pad, 0x61), Buffer.from(`${rest} ${value},${rest}`)]);
      expect(containsValue(whole.subarray(pad), Buffer.from(value))).toBe(true);
    }),
  );
});
