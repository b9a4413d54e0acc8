import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MaskPathError, parseFieldPaths } from './mask-path.ts';

/** Whether a path leads to the end of this way, or to something around it; `[]` is an element of a list. */
function leadsTo(path: string, way: readonly string[]): boolean {
  const paths = parseFieldPaths([path]);
  let places = paths.top;
  for (const step of way) {
    places = step === '[]' ? paths.element(places) : paths.field(places, step);
    if (paths.matches(places)) return true;
  }
  return false;
}

describe('a path of fields', () => {
  test.each([
    ['customer.email', ['customer', 'email'], true],
    ['customer.email', ['data', 'customer', 'email'], true],
    ['customer.email', ['customer', 'billing', 'email'], false],
    ['customer.email', ['email'], false],
    ['Customer.eMail', ['customer', 'Email'], true],
    ['customer.email', ['customer.email'], true],
    ['$.id', ['id'], true],
    ['$.id', ['customer', 'id'], false],
    ['items[].card', ['items', '[]', 'card'], true],
    ['items.card', ['items', '[]', 'card'], true],
    ['items[*].card', ['items', '[]', '[]', 'card'], true],
    ['items[].card', ['items', 'card'], false],
    ['tags[]', ['tags', '[]'], true],
    ['tags[]', ['tags'], false],
    ['*.password', ['password'], true],
    ['**.password', ['a', '[]', 'b', 'password'], true],
    ['a.*.b', ['a', 'b'], true],
    ['a.*.b', ['a', 'x', '[]', 'y', 'b'], true],
    ['customer.*', ['customer'], false],
    ['customer.*', ['customer', 'anything'], true],
    ['$.*', ['anything'], true],
  ])('%s leads to %j: %s', (path, way, leads) => {
    expect(leadsTo(path, way)).toBe(leads);
  });

  test.each(['', 'a..b', 'items[0].card', 'pass*', '[]', '$.', 'a.[]'])(
    '%j is refused with a sentence',
    (path) => {
      expect(() => parseFieldPaths([path])).toThrow(MaskPathError);
    },
  );

  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  test('leads to a field of these names wherever it is, through lists, and only there', () => {
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 3 }),
        fc.array(fc.tuple(name, fc.boolean()), { minLength: 1, maxLength: 4 }),
        (before, path) => {
          const way = path.flatMap(([step, inList], index) =>
            inList && index < path.length - 1 ? [step, '[]'] : [step],
          );
          expect(leadsTo(path.map(([step]) => step).join('.'), [...before, ...way])).toBe(true);
          expect(leadsTo(`other.${path.map(([step]) => step).join('.')}`, way)).toBe(false);
        },
      ),
    );
  });
});
