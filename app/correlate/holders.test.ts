import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHolders, type Holder, type Sought } from './holders.ts';
import { Token } from './nodes.ts';

/** Hashes that fall into few places, and some that only differ where a print does not show it. */
const hash = fc.oneof(
  fc.integer({ min: 0, max: 20 }).map((place) => place * 1_024),
  fc.integer({ min: 0, max: 3 }).map((high) => high * 0x100000000 + high),
);
const sought = fc
  .record({ hash, text: fc.constantFrom('a', 'b'), scope: fc.constantFrom(undefined, 'orderId') })
  .map(({ text, ...by }): Sought => ({ ...by, value: `${text}-${by.hash}` }));
const keyOf = ({ value, scope }: Sought) => `${scope} ${value}`;

test('it holds what a map would, whatever comes and goes, and whichever hashes are alike', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), sought), { maxLength: 120 }), (steps) => {
      const holders = createHolders();
      const expected = new Map<string, { readonly holder: Holder; readonly by: Sought }>();
      for (const [isAdded, by] of steps) {
        const known = expected.get(keyOf(by));
        expect(holders.find(by)).toBe(known?.holder);
        if (isAdded && !known) {
          const holder = new Token(by, 'name', 1);
          holders.add(by.hash, holder);
          expected.set(keyOf(by), { holder, by });
        } else if (isAdded && known) {
          const holder = new Token(by, 'other', 2);
          holders.replace(by.hash, known.holder, holder);
          expected.set(keyOf(by), { holder, by });
        } else if (known) {
          expect(holders.delete(by.hash, known.holder)).toBe(true);
          expect(holders.delete(by.hash, known.holder)).toBe(false);
          expected.delete(keyOf(by));
        }
        expect(holders.size).toBe(expected.size);
        for (const one of expected.values()) expect(holders.find(one.by)).toBe(one.holder);
      }
    }),
  );
});

test('it grows', () => {
  const holders = createHolders();
  const all = Array.from(
    { length: 5_000 },
    (_, i) => new Token({ hash: i * 7, value: `${i}`, scope: 'n' }, 'n', 1),
  );
  for (const token of all) holders.add(token.hash, token);
  expect(all.every((token) => holders.find(token) === token)).toBe(true);
  for (const token of all) holders.delete(token.hash, token);
  expect(holders.size).toBe(0);
});
