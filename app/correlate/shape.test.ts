import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeOf } from './shape.ts';

test('payloads of the same fields are of one shape, whatever their values, order and empty fields', () => {
  const one = shapeOf({ orderId: 'o-1', amount: 3, note: null });
  expect(shapeOf({ amount: 99, orderId: 'o-2' })).toBe(one);
  expect(shapeOf({ orderId: 'o-1' })).not.toBe(one);
});

test('a field that says what has happened tells payloads apart, also in what wraps it', () => {
  expect(shapeOf({ id: 1, status: 'PAID' })).not.toBe(shapeOf({ id: 1, status: 'SHIPPED' }));
  expect(shapeOf({ data: { status: 'PAID' } })).not.toBe(shapeOf({ data: { status: 'SHIPPED' } }));
  expect(shapeOf({ id: 1, status: '2026-11-24T10:00:00Z' })).toBe(shapeOf({ id: 1, status: '17' }));
});

test('what is no object has no shape', () => {
  for (const json of [undefined, null, 'paid', 3, true]) expect(shapeOf(json)).toBeUndefined();
});

test('any JSON has a shape or none, and the same twice', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
      const value = JSON.parse(JSON.stringify(json));
      expect(shapeOf(value)).toBe(shapeOf(structuredClone(value)));
    }),
  );
});
