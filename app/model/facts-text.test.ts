import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from './event.ts';
import { factsFromText, factsToText } from './facts-text.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const facts: fc.Arbitrary<Facts> = fc.record({
  ids: fc.array(text, { maxLength: 3 }),
  causes: fc.array(
    fc.record({
      id: text,
      path: text,
      evidence: fc.constantFrom('causation-header' as const, 'reply-to' as const),
    }),
    { maxLength: 3 },
  ),
  keys: fc.array(
    fc.record({
      name: text,
      value: text,
      origin: fc.constantFrom('payload' as const, 'header' as const),
      path: text,
      role: fc.constantFrom('joins' as const, 'member' as const),
    }),
    { maxLength: 3 },
  ),
});

test('comes back as it was', () => {
  fc.assert(
    fc.property(facts, fc.option(text, { nil: undefined }), (some, type) => {
      const whole: Facts = { ...some, ...(type !== undefined && { type }) };
      expect(factsFromText(factsToText(whole), whole)).toEqual(whole);
    }),
  );
});
