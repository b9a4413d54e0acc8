import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks, timeAxis } from './time-axis.ts';

const time = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });
const zone = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 900_000);

test('an axis holds all that is asked for in few round stretches', () => {
  fc.assert(
    fc.property(
      time,
      fc.oneof(fc.nat(5000), fc.nat(4e12)),
      fc.integer({ min: 2, max: 400 }),
      zone,
      (from, span, most, ahead) => {
        const axis = timeAxis(from, from + span, most, ahead);
        expect(axis.from).toBeLessThanOrEqual(from);
        expect(axis.to).toBeGreaterThanOrEqual(from + span);
        expect(axis.buckets).toBeGreaterThanOrEqual(1);
        expect(axis.buckets).toBeLessThanOrEqual(most);
        expect(axis.to - axis.from).toBe(axis.step * axis.buckets);
        expect((axis.from + ahead) % axis.step).toBe(0);
        const ticks = axisTicks(axis, 8, ahead);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const tick of ticks) expect(tick >= axis.from && tick < axis.to).toBe(true);
      },
    ),
  );
});

test('stretches stay where they are while time goes on', () => {
  const start = Date.UTC(2026, 2, 1, 10, 0, 7);
  const before = timeAxis(start, start + 900_000, 160, 0);
  const after = timeAxis(start + 3000, start + 903_000, 160, 0);
  expect(before.step).toBe(10_000);
  expect((after.from - before.from) % before.step).toBe(0);
});
