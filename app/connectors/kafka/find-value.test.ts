import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawMessage } from '../../model/message.ts';
import { createValueFinder, findToken } from './find-value.ts';

const message = (part: Partial<RawMessage>): RawMessage => ({
  kind: 'message',
  channel: { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' },
  time: 0,
  clock: 'producer',
  observedAt: 0,
  headers: [],
  body: null,
  ...part,
});

describe('a value', () => {
  it.each([
    ['12345', false],
    ['01234', false],
    ['1234', true],
    ['{"orderId":1234,"n":12345}', true],
    ['{"orderId":12345,"next":1234}', true],
    ['order-1234', true],
    ['ord_1234.', true],
    ['x1234', false],
    ['é1234', false],
  ])('1234 in %s: %s', (text, found) => {
    expect(createValueFinder('1234').holds(message({ body: Buffer.from(text) }))).toBe(found);
  });

  it('is found in key, header and body, as text or bytes', () => {
    const finder = createValueFinder('c-9');
    expect(finder.holds(message({ key: 'c-9' }))).toBe(true);
    expect(finder.holds(message({ key: Buffer.from([0xff, ...Buffer.from(' c-9')]) }))).toBe(true);
    expect(finder.holds(message({ headers: [['correlation-id', 'c-9']] }))).toBe(true);
    expect(finder.holds(message({ headers: [['c-9', 'x']], body: Buffer.from('c-99') }))).toBe(false);
  });

  it('is found as JSON writes it', () => {
    const value = 'say "hi"\n';
    const body = Buffer.from(JSON.stringify({ text: value }));
    const finder = createValueFinder(value);
    expect([finder.mayHold(body), finder.holds(message({ body }))]).toEqual([true, true]);
  });
});

it('is found exactly where the text, cut into tokens, has it', () => {
  const word = fc.stringMatching(/^[a-c0-2]{1,3}$/);
  const line = fc.array(fc.tuple(word, fc.constantFrom(' ', '-', '"', ':')), { maxLength: 8 });
  fc.assert(
    fc.property(line, word, (parts, wanted) => {
      const text = parts.flat().join('');
      const expected = parts.some(([token]) => token === wanted);
      expect(findToken(Buffer.from(text), Buffer.from(wanted))).toBe(expected);
    }),
  );
});
