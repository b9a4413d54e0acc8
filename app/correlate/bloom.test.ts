import { expect, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import { createBloom } from './bloom.ts';

test('what was added is found, nearly all else is not, also far beyond the expected number', () => {
  const bloom = createBloom(1_000);
  const n = 50_000;
  for (let i = 0; i < n; i++) bloom.add(hashText(`order-${i}`));
  let missed = 0;
  let wrong = 0;
  for (let i = 0; i < n; i++) {
    if (!bloom.has(hashText(`order-${i}`))) missed++;
    if (bloom.has(hashText(`other-${i}`))) wrong++;
  }
  expect(missed).toBe(0);
  expect(wrong / n).toBeLessThan(0.05);
  expect(bloom.bytes / n).toBeLessThan(6);
});
