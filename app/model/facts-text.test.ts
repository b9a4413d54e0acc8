import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Facts } from './event.ts';
import { factsFromText, factsToText } from './facts-text.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const given = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    ids: fc.array(text, { maxLength: 3 }),
    causes: fc.array(
      fc.record({
        id: text,
        path: text,
        evidence: fc.constantFrom('causation-header' as const, 'reply-to' as const),
        by: given('correlation-id' as const),
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
    trace: fc.record({ traceId: text, spanId: text, parentSpanId: text }, { requiredKeys: ['traceId'] }),
    sentAt: fc.nat(),
  },
  { requiredKeys: ['ids', 'causes', 'keys'] },
);

test('comes back as it was', () => {
  fc.assert(
    fc.property(facts, fc.option(text, { nil: undefined }), (some, type) => {
      const whole: Facts = { ...some, ...(type !== undefined && { type }) };
      expect(factsFromText(factsToText(whole), whole)).toEqual(whole);
    }),
  );
});

test('a text of an earlier version, without what was not known then, is still read', () => {
  expect(factsFromText('[["m-1"],[["m-0","causation-id","causation-header"]],"t","s",[]]', {})).toEqual({
    ids: ['m-1'],
    causes: [{ id: 'm-0', path: 'causation-id', evidence: 'causation-header' }],
    trace: { traceId: 't', spanId: 's' },
    keys: [],
  });
});
