import { describe, expect, test } from 'vitest';
import { parseFault, strikes } from './faults.ts';

describe('a fault on the command line', () => {
  test('by name alone strikes a tenth of the orders', () => {
    const fault = parseFault('payment-stuck');
    const struck = Array.from({ length: 100 }, (_, at) => at + 1).filter((index) =>
      strikes(fault, index, 'x'),
    );
    expect(struck).toEqual([5, 15, 25, 35, 45, 55, 65, 75, 85, 95]);
  });

  test('can strike one order, by its number in the run or by its id', () => {
    const fault = parseFault('payment-stuck:order=17');
    expect(strikes(fault, 17, '500016')).toBe(true);
    expect(strikes(fault, 16, '500015')).toBe(false);
    expect(strikes(parseFault('poison:order=500015'), 16, '500015')).toBe(true);
  });

  test('takes a fraction and parameters', () => {
    expect(parseFault('slow-service:fraction=0.5,ms=20')).toEqual({
      name: 'slow-service',
      fraction: 0.5,
      parameters: { ms: 20 },
    });
    expect(parseFault('poison:0.25').fraction).toBe(0.25);
    expect(parseFault('consumer-down:service=shipping').parameters).toEqual({
      service: 'shipping',
      after: 0.5,
    });
  });

  test.each([
    ['nonsense', /no fault "nonsense"/],
    ['poison:ms=3', /no parameter "ms"/],
    ['poison:fraction=2', /at most 1/],
    ['slow-service:ms=soon', /must be a number/],
  ])('%s is refused', (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });
});
