import { expect, test, vi } from 'vitest';
import { remembered } from './remembered.ts';

test('each text is asked for once, also where the answer is that there is none', () => {
  const answer = vi.fn((text: string) => (text === '' ? undefined : text.length));
  const lengthOf = remembered(answer);
  expect([lengthOf('a'), lengthOf('a'), lengthOf(''), lengthOf('')]).toEqual([1, 1, undefined, undefined]);
  expect(answer).toHaveBeenCalledTimes(2);
});

test('no more is kept than so many', () => {
  const answer = vi.fn((text: string) => text);
  const same = remembered(answer, 2);
  for (const text of ['a', 'b', 'c', 'c', 'a']) expect(same(text)).toBe(text);
  expect(answer).toHaveBeenCalledTimes(4);
});
