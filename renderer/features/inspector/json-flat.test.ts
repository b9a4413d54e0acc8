import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indented, pathOf, readJson, unquoted, visibleNodes } from './json-flat.ts';
import type { JsonNode } from './json-flat.ts';

/** Builds the value again from its flat form. */
function rebuilt(text: string, nodes: readonly JsonNode[], index = 0): unknown {
  const node = nodes[index];
  if (!node) throw new Error('no such value');
  if (node.kind !== 'object' && node.kind !== 'array') return JSON.parse(text.slice(node.start, node.end));
  const children: [string | number | undefined, unknown][] = [];
  for (let at = index + 1; at < node.next; at = nodes[at]?.next ?? node.next)
    children.push([nodes[at]?.name, rebuilt(text, nodes, at)]);
  return node.kind === 'array'
    ? children.map(([, value]) => value)
    : Object.fromEntries(children as [string, unknown][]);
}

describe('a payload as a tree', () => {
  test('says the same as JSON.parse, for any JSON, with any blanks', () => {
    const blanks = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), blanks, (json, space) => {
        const text = ` ${JSON.stringify(JSON.parse(json), null, space)}\n`;
        const nodes = readJson(text);
        expect(nodes && rebuilt(text, nodes)).toEqual(JSON.parse(json));
        expect(nodes && JSON.parse(indented(text, nodes))).toEqual(JSON.parse(json));
      }),
    );
  });

  test('takes only JSON, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:1e-. \\tn\u0001"')) }), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (readJson(text) !== undefined) expect(valid || /\\[^"\\/bfnrtu]|\\u/.test(text)).toBe(true);
        else expect(valid).toBe(false);
      }),
    );
  });

  test('opens 10,000 levels one by one', () => {
    const depth = 10_000;
    const nodes = readJson('[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2)) ?? [];
    expect(nodes).toHaveLength(depth + 1);
    expect(visibleNodes(nodes, (index) => index < 2)).toEqual([0, 1, 2]);
    expect(visibleNodes(nodes, () => true)).toHaveLength(depth + 1);
    expect(pathOf(nodes, 4)).toBe('[0].a[0].a');
  });

  test('keeps what objects of JavaScript would lose', () => {
    const text = '{"__proto__":{"x":1},"id":12345678901234567890,"dup":1,"dup":2}';
    const nodes = readJson(text) ?? [];
    expect(nodes.map(({ name }) => name)).toEqual([undefined, '__proto__', 'x', 'id', 'dup', 'dup']);
    expect(nodes.map(({ start, end }) => text.slice(start, end))).toContain('12345678901234567890');
    expect(indented(text, nodes)).toContain('"id": 12345678901234567890');
    expect(unquoted('"\\u00e9\\n"')).toBe('é\n');
    expect(Object.prototype).not.toHaveProperty('x');
  });
});
