import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, toJson } from './amqp-value.ts';

test('AMQP values become JSON that says what they were', () => {
  const value = {
    at: { '!': 'timestamp', value: 1_700_000_000 },
    price: { '!': 'decimal', value: { places: 2, digits: 1299 } },
    raw: Buffer.from([255]),
    list: [1, null, true],
    never: { '!': 'timestamp', value: 1e300 },
  };
  expect(toJson(value)).toEqual({
    at: '2023-11-14T22:13:20.000Z',
    price: 12.99,
    raw: { base64: '/w==' },
    list: [1, null, true],
    never: null,
  });
});

test('the order of names makes no difference, everything else does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (table) => {
      const value = toJson(table);
      const turned = toJson(Object.fromEntries(Object.entries(table).toReversed()));
      expect(canonical(turned)).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
