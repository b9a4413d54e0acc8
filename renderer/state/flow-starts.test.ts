import { describe, expect, test } from 'vitest';
import { beginners } from './flow-starts.ts';

const row = (trace: string | undefined, seq: number, name?: string) => ({
  ...{ trace, seq, time: 1000 },
  ...(name !== undefined && { producer: { name, inferred: false } }),
});

describe('with whom flows begin', () => {
  test('it is who publishes first, also where he publishes again at the end', () => {
    const order = (trace: string, from: number) => [
      row(trace, from + 2, 'storefront'),
      row(trace, from + 1, 'payments'),
      row(trace, from, 'storefront'),
    ];
    expect(beginners([...order('a', 1), ...order('b', 11)])).toEqual(new Set(['storefront']));
  });

  test('of flows of which only the end was seen, who comes last does not count as the beginning', () => {
    const seen = [row('cut', 1, 'payments'), row('cut', 2, 'storefront')];
    const whole = ['a', 'b'].flatMap((trace) => [row(trace, 3, 'storefront'), row(trace, 4, 'payments')]);
    expect(beginners([...seen, ...whole])).toEqual(new Set(['storefront']));
  });

  test('lone events, and those that name nobody, say nothing', () => {
    expect(beginners([row('a', 1, 'clock'), row(undefined, 2, 'clock'), row('b', 3), row('b', 4)])).toEqual(
      new Set(),
    );
  });
});
