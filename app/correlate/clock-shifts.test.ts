import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clockShifts, type Before } from './clock-shifts.ts';
import type { Kind } from './kind.ts';
import { channel } from './test-events.ts';

const kind = (key: string, producer?: string): Kind => ({ key, channel: channel(key), type: key, producer });
const [a, b, c] = [kind('a'), kind('b'), kind('c')] as const;
const before = (from: Kind, to: Kind, least: number): Before => ({ before: from, after: to, least });

describe('how far clocks differ', () => {
  test('is nothing where no order is impossible', () => {
    const shifts = clockShifts([before(a, b, 5), before(b, a, 40)]);
    expect([shifts.shift(b, a), shifts.says]).toEqual([0, '']);
    expect(clockShifts([before(a, b, -100)]).says).toBe('');
  });

  test('is in the middle of what both directions allow', () => {
    const shifts = clockShifts([before(a, b, -1_900), before(b, a, 2_100)]);
    expect(shifts.shift(b, a)).toBe(-2_000);
    expect(shifts.shift(a, b)).toBe(2_000);
  });

  test('is no more than is proven where one direction is known only', () => {
    const shifts = clockShifts([before(a, b, -1_900)]);
    expect(shifts.shift(b, a)).toBe(-1_900);
    expect(shifts.shift(a, b)).toBe(1_900);
  });

  test('is known over others, and is one for all that a producer publishes', () => {
    const [paid, billed] = [kind('paid', 'payments'), kind('billed', 'payments')];
    const shifts = clockShifts([
      ...[before(a, billed, -1_900), before(billed, a, 2_000)],
      ...[before(paid, c, 950), before(c, paid, -900)],
    ]);
    expect(shifts.shift(paid, a)).toBe(shifts.shift(billed, a));
    expect(shifts.shift(c, a)).toBe(-1_025);
  });

  test('is not known where clocks contradict themselves, and that harms no others', () => {
    const shifts = clockShifts([
      ...[before(a, b, -1_900), before(b, a, -500)],
      ...[before(a, c, 30), before(c, a, 10)],
    ]);
    expect(shifts.shift(b, a)).toBe(0);
    expect(shifts.shift(c, a)).toBe(0);
    // In a circle, too, nothing grows beyond what was seen.
    const kinds = Array.from({ length: 12 }, (_, i) => kind(`kind ${i}`));
    const circle = clockShifts(kinds.map((one, i) => before(one, kinds[(i + 1) % 12] as Kind, -1_500)));
    for (const one of kinds) {
      for (const other of kinds) expect(Math.abs(circle.shift(one, other))).toBeLessThanOrEqual(12 * 1_500);
    }
  });

  test('is found again within the least time that things take', () => {
    const offset = fc.integer({ min: -5_000, max: 5_000 });
    fc.assert(
      fc.property(fc.array(offset, { minLength: 3, maxLength: 3 }), fc.nat(100), (offsets, takes) => {
        const kinds = [a, b, c];
        const known = kinds.flatMap((from, i) =>
          kinds.flatMap((to, j) =>
            i === j ? [] : [before(from, to, takes + (offsets[j] as number) - (offsets[i] as number))],
          ),
        );
        const shifts = clockShifts(known);
        kinds.forEach((of, i) =>
          kinds.forEach((against, j) => {
            const found = shifts.shift(of, against);
            const truth = (offsets[i] as number) - (offsets[j] as number);
            expect(Math.abs(found - truth)).toBeLessThanOrEqual(found === 0 ? 400 : takes + 50);
          }),
        );
      }),
    );
  });
});
