import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery } from '../model/delivery.ts';
import { deliveryRow } from './rows.ts';

const delivery = (after: number | undefined, before: number | undefined): Delivery => ({
  kind: 'delivery',
  subject: { event: 'e' },
  consumer: 'fraud',
  status: 'acknowledged',
  evidence: 'offset-commit',
  after,
  before,
});

test('an interval begins no earlier than its event, and stays one; where it ended before, it is told as it is', () => {
  const row = (after: number, before: number) =>
    deliveryRow(delivery(after, before), { id: 'e', time: 1000 });
  expect(row(416, 5400)).toMatchObject({ event: 'e', after: 1000, before: 5400 });
  expect(row(1200, 5400)).toMatchObject({ after: 1200, before: 5400 });
  expect(row(100, 900)).toMatchObject({ after: 100, before: 900 });
  fc.assert(
    fc.property(fc.integer(), fc.nat(), fc.integer(), (from, length, time) => {
      const { after = 0, before = 0 } = deliveryRow(delivery(from, from + length), { id: 'e', time });
      expect(after).toBeLessThanOrEqual(before);
      expect(after >= time || before < time).toBe(true);
    }),
  );
});
