import { expect, test } from 'vitest';
import { deliveryTime } from './delivery-time.ts';

test('says an instant where one is known, else the interval and its precision', () => {
  const noon = new Date(2026, 2, 1, 12).getTime();
  expect(deliveryTime({ time: noon + 340 }, noon)).toBe('+340 ms at 12:00:00.340');
  expect(deliveryTime({ after: noon + 200, before: noon + 5200 }, noon)).toBe(
    'between 12:00:00.200 and 12:00:05.200 (±2.5 s)',
  );
  expect(deliveryTime({ before: noon }, noon)).toBe('before 12:00:00.000');
  expect(deliveryTime({ time: noon - 340 }, noon)).toBe(
    '340 ms before it was published, at 11:59:59.660: the clocks disagree',
  );
  expect(deliveryTime({ after: noon - 5000, before: noon - 200 }, noon)).toMatch(/^200 ms before.*disagree$/);
  expect(deliveryTime({}, noon)).toBe('at an unknown time');
});
