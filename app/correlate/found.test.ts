import { describe, expect, test } from 'vitest';
import { foundName, isFoundId, isFoundNumber, isRandomId, isReferenceName } from './found.ts';

describe('values that may be keys under any name', () => {
  test.each([
    '5b44f29d-bda4-40de-9689-db7e4b958d51',
    '01J9ZC4Q6R8XKTPWYV5M3N7B2A',
    '65f1c0ffee1234567890abcd',
    'V1StGXR8_Z5jdHi6B-myT',
    'ord-10042',
    'PO_20077',
    'INV-2026-0042',
    'SHP98018A77Q1',
  ])('%s is taken', (value) => expect(isFoundId(value)).toBe(true));

  test.each([
    ['too short', 'A1B2C'],
    ['a word', 'order-confirmed'],
    ['a time', '20260301T101500Z'],
    ['a date', '2026-03-01'],
    ['an address', 'jane1234567@example.com'],
    ['a URL', 'https://shop.example/12345678'],
    ['a host', 'payments-1234.internal.example'],
    ['a text', 'Ring twice at number 1234'],
    ['what its prefix says that many share', 'customer-10042'],
    ['a place in the cloud', 'eu-central-1'],
    ['a plain number', '1234567890123'],
  ])('%s is not', (_, value) => expect(isFoundId(value)).toBe(false));

  test('only what chance never repeats is a random id', () => {
    expect(isRandomId('5b44f29d-bda4-40de-9689-db7e4b958d51')).toBe(true);
    expect(isRandomId('01J9ZC4Q6R8XKTPWYV5M3N7B2A')).toBe(true);
    expect(isRandomId('ord-10042')).toBe(false);
    expect(isRandomId('ord-000000000000000010042')).toBe(false);
  });

  test('numbers of four digits are taken down, times are not', () => {
    expect(isFoundNumber('1042')).toBe(true);
    expect(isFoundNumber('0042')).toBe(false);
    expect(isFoundNumber('42')).toBe(false);
    expect(isFoundNumber('1780000000')).toBe(false);
    expect(isFoundNumber('1780000000000')).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['for', 'for'],
    ['basis', 'basis'],
    ['parent', 'parent'],
    ['correlation', 'correlation'],
    ['merchant_reference', 'merchantReference'],
    ['idempotency-key', 'idempotencyKey'],
  ])('%s may hold a key, %s', (field, name) => expect(foundName(field)).toBe(name));

  test.each([
    'postcode',
    'amountCents',
    'createdAt',
    'apiKey',
    'access_token',
    'ownerUid',
    'sku',
    'ip',
    'etag',
  ])('%s never does', (field) => expect(foundName(field)).toBeUndefined());

  test('a reference says that it refers to something', () => {
    expect(isReferenceName('merchantReference')).toBe(true);
    expect(isReferenceName('basisRef')).toBe(true);
    expect(isReferenceName('href')).toBe(false);
  });
});
