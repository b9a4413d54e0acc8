import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEntry } from './entry.ts';

const fields = (...values: (string | Uint8Array)[]) =>
  values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value));
const bodyOf = (...values: (string | Uint8Array)[]): unknown =>
  JSON.parse(Buffer.from(readEntry(fields(...values)).body).toString());

test('a payload field that holds JSON is the body, byte for byte, and the others are headers', () => {
  const entry = readEntry(
    fields('type', 'OrderPlaced', 'Payload', ' {"id": 1}\n', 'raw', Buffer.from([0xff])),
  );
  expect(Buffer.from(entry.body).toString()).toBe(' {"id": 1}\n');
  expect(entry.headers).toEqual([
    ['type', 'OrderPlaced'],
    ['raw', Buffer.from([0xff])],
  ]);
});

test('of several payload fields the likeliest is the body', () => {
  expect(Buffer.from(readEntry(fields('value', '{"a":1}', 'data', '[2]')).body).toString()).toBe('[2]');
});

test('else all fields are the body', () => {
  expect(bodyOf('orderId', '12345', 'data', 'plain text')).toEqual({ orderId: '12345', data: 'plain text' });
  expect(bodyOf('value', '7')).toEqual({ value: '7' });
  expect(bodyOf('a', '1', 'a', '2', 'b', Buffer.from([0xff, 0]))).toEqual({
    a: ['1', '2'],
    b: { base64: '/wA=' },
  });
  expect(bodyOf('payload', '')).toEqual({ payload: '' });
  expect(bodyOf()).toEqual({});
});

test('odd names stay what they are', () => {
  const { body } = readEntry(fields('__proto__', 'x', '<img>', 'y'));
  expect(body).toBe('{"__proto__":"x","<img>":"y"}');
});

test('whatever the fields are, nothing is lost', () => {
  const value = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), value), { maxLength: 8 }), (pairs) => {
      const { body, headers } = readEntry(pairs.flatMap(([name, bytes]) => [Buffer.from(name), bytes]));
      const parsed = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
      if (headers.length > 0) return;
      const count = Object.values(parsed).reduce<number>(
        (sum, v) => sum + (Array.isArray(v) ? v.length : 1),
        0,
      );
      expect(count).toBe(pairs.length);
    }),
  );
});
