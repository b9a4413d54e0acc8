import { expect, test } from 'vitest';
import { firstOrder, SeededIds } from './ids.ts';

test('the same seed and name give the same id, others another', () => {
  const uuid = new SeededIds(1).uuid('payments', 'PaymentRequested', '12345');
  expect(uuid).toBe(new SeededIds('1').uuid('payments', 'PaymentRequested', '12345'));
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid).not.toBe(new SeededIds(2).uuid('payments', 'PaymentRequested', '12345'));
  expect(uuid).not.toBe(new SeededIds(1).uuid('payments', 'PaymentRequested', '12346'));
});

test('runs with other seeds begin with other orders', () => {
  const first = [1, 2, 3, 4].map(firstOrder);
  expect(new Set(first).size).toBe(4);
  expect(first.every((order) => order >= 100_000 && order < 900_000)).toBe(true);
});
