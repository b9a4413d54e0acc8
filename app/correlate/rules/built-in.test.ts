import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../model/message.ts';
import { extractFacts } from '../extract.ts';
import { builtIn } from './built-in.ts';
import type { RuleSet } from './rule.ts';
import { message } from './test-messages.ts';

test('each file is among the rules, and says where it comes from', () => {
  const files = globSync('*.json', { cwd: import.meta.dirname }).map(
    (file) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as RuleSet,
  );
  const names = (sets: readonly RuleSet[]) => sets.map(({ framework }) => framework).toSorted();
  expect(names(builtIn)).toEqual(names(files));
  for (const { source } of files) expect(source).toMatch(/^https:/);
});

const headerNames = builtIn.flatMap((rules) => [
  ...Object.keys(rules.headers ?? {}),
  ...(rules.prefixes ?? []).map((prefix) => `${prefix}id`),
]);
const propertyNames = builtIn.flatMap((rules) => Object.keys(rules.properties ?? {}));
const fieldNames = builtIn.flatMap((rules) =>
  [...Object.keys(rules.payload ?? {}), ...(rules.marks ?? []).flatMap((m) => m.payload ?? [])].map(
    (path) => path.split('.')[0] ?? '',
  ),
);
const header = fc.tuple(fc.constantFrom(...headerNames), fc.oneof(fc.string(), fc.uint8Array(), fc.uuid()));
const named = (names: string[]) =>
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.jsonValue(), fc.uuid(), fc.constant({ connector: 'x', task: 't', id: 'i' })),
  );

test('whatever the fields of frameworks hold, nothing throws, and equal messages say equal things', () => {
  fc.assert(
    fc.property(
      fc.array(header),
      named(propertyNames),
      fc.oneof(named(fieldNames), fc.array(fc.jsonValue())),
      fc.constantFrom('orders', 'bull:q:events', 'outbox.event.order', ':events'),
      (headers, properties, json, on) => {
        const said = {
          ...message({ json: json as Json, properties: properties as Record<string, Json>, on }),
          headers,
        };
        const once = extractFacts(said);
        expect(extractFacts(said)).toEqual(once);
        for (const { value } of once.keys) expect(value).not.toBe('');
      },
    ),
    { numRuns: 1_000 },
  );
});
