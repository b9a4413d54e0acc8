import { describe, expect, it } from 'vitest';
import { createRate } from './rates.ts';

describe('rate', () => {
  it('is the mean of the seconds that it has seen, at most ten', () => {
    const rate = createRate();
    rate.add(20, 100_000);
    expect(rate.perSecond(100_500)).toBe(20);
    rate.add(40, 101_000);
    expect(rate.perSecond(101_900)).toBe(30);
    for (let s = 102; s < 200; s++) rate.add(5, s * 1000);
    expect(rate.perSecond(199_000)).toBe(5);
    expect(rate.perSecond(300_000)).toBe(0);
    expect(rate.total).toBe(60 + 98 * 5);
  });
});
