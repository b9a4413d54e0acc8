import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJson, maskJson } from './mask-json.ts';
import { parseFieldPaths } from './mask-path.ts';

function mask(json: string, ...paths: string[]): string {
  return maskJson(json, parseFieldPaths(paths), () => undefined);
}

describe('masking JSON', () => {
  test('leaves everything else byte for byte, digits and blanks included', () => {
    const json =
      '\ufeff { "id" : 12345678901234567890, "customer":{"email":"a@b.c" , "n":1.50},"email":null }\n';
    expect(mask(json, 'email')).toBe(json.replace('"a@b.c"', '"[masked]"'));
  });

  test('replaces values of any type as a whole, and each of a repeated name', () => {
    expect(mask('{"a":{"b":[1,{"c":2}]},"d":3,"a":[4],"e":true}', 'a', 'e')).toBe(
      '{"a":"[masked]","d":3,"a":"[masked]","e":"[masked]"}',
    );
    expect(mask('[{"card":1},{"card":"2"}]', '[].card'.slice(3))).toBe(
      '[{"card":"[masked]"},{"card":"[masked]"}]',
    );
    expect(mask('{"tags":["a",["b"]],"n":1}', 'tags[]')).toBe('{"tags":["[masked]","[masked]"],"n":1}');
  });

  test('goes into JSON in strings, also in base64, and withholds what there begins like JSON and is not', () => {
    const inner = '{"customer":{"email":"a@b.c"},"n":1}';
    const masked = '{"customer":{"email":"[masked]"},"n":1}';
    const twice = (text: string) => JSON.stringify({ Message: JSON.stringify({ payload: text }) });
    expect(mask(twice(inner), 'customer.email')).toBe(twice(masked));
    expect(mask(JSON.stringify(inner), 'customer.email')).toBe(JSON.stringify(masked));
    const event = (text: string) => `{"data_base64":"${Buffer.from(text).toString('base64')}","x":1}`;
    expect(mask(event(inner), 'customer.email')).toBe(event(masked));
    expect(mask(JSON.stringify({ log: '{"email":"a@b.c"', x: '{braces}' }), 'email')).toBe(
      '{"log":"[masked]","x":"{braces}"}',
    );
    expect(mask(JSON.stringify({ customer: '{"email":"a@b.c"}' }), 'customer.email')).toBe(
      JSON.stringify({ customer: '{"email":"[masked]"}' }),
    );
  });

  test('goes ten thousand levels deep', () => {
    const deep = `${'{"a":['.repeat(10_000)}{"pin":1234}${']}'.repeat(10_000)}`;
    expect(mask(deep, 'pin')).toBe(deep.replace('1234', '"[masked]"'));
  });

  /** What a reader of the parsed value would expect. */
  function expected(value: unknown, names: ReadonlySet<string>): unknown {
    if (Array.isArray(value)) return value.map((each) => expected(each, names));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        names.has(name.toLowerCase()) && inner !== null ? '[masked]' : expected(inner, names),
      ]),
    );
  }

  const name = fc.constantFrom('a', 'b', 'C', 'secret', 'x"y', '\\', 'é');
  const tree = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, -1.5e3, 'text', '{', '"', '\\', '🐢'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  })).value;

  test('masks exactly the fields of the names asked for', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 1, 2), (value, indent) => {
        const json = JSON.stringify(value, undefined, indent);
        const masked = mask(json, 'secret', 'c');
        expect(JSON.parse(masked)).toEqual(expected(value, new Set(['secret', 'c'])));
        if (!/secret|C/.test(json)) expect(masked).toBe(json);
        expect(isJson(masked)).toBe(true);
      }),
    );
  });
});
