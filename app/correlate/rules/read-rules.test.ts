import { describe, expect, test } from 'vitest';
import { builtIn } from './built-in.ts';
import { compileRules } from './index.ts';
import { readRules } from './read-rules.ts';
import { understood } from './test-messages.ts';

const own = (text: string) => {
  const { rules, problem } = readRules('ours.json', text);
  if (!rules) throw new Error(problem);
  return compileRules([rules]);
};

describe('a user’s rules', () => {
  const said = { headers: { 'X-Vorgang': 'V-4711', 'X-Ausloeser': 'm-1' }, json: { kopf: { nr: 'B-12' } } };

  test('change what is understood of a message', () => {
    expect(understood(said)).toMatchObject({ causes: [], keys: [] });
    const rules = own(`{
      "framework": "Ours",
      "headers": { "x-vorgang": { "as": "correlation", "name": "vorgang" }, "X-Ausloeser": { "as": "cause" } },
      "payload": { "kopf.nr": { "as": "key", "name": "orderId" } }
    }`);
    expect(understood(said, rules)).toMatchObject({
      causes: ['causation-header m-1'],
      keys: ['orderId=B-12', 'vorgang=V-4711'],
    });
  });

  test('go before those that come with Headwater', () => {
    const rules = own('{ "framework": "Ours", "headers": { "correlation-id": { "as": "ignored" } } }');
    expect(understood({ headers: { 'correlation-id': 'c-77' } }, rules).keys).toEqual([]);
  });

  test('with a mark apply only to what has it', () => {
    const rules = own(`{
      "framework": "Ours",
      "marks": [{ "channel": "^ours\\\\." }],
      "headers": { "nr": { "as": "key", "name": "orderId" } }
    }`);
    expect(understood({ headers: { nr: 'A-1' }, on: 'ours.orders' }, rules).keys).toEqual(['orderId=A-1']);
    expect(understood({ headers: { nr: 'A-1' }, on: 'orders' }, rules).keys).toEqual([]);
  });

  test('have the form of those that come with Headwater', () => {
    for (const rules of builtIn) expect(readRules('copy.json', JSON.stringify(rules)).rules).toEqual(rules);
  });
});

test.each([
  ['{', 'they are not JSON'],
  ['[]', 'the file is missing or of the wrong kind: object is expected'],
  ['{}', 'framework is missing'],
  ['{ "framework": "Ours", "header": {} }', 'the file has "header", which means nothing there'],
  [
    '{ "framework": "Ours", "headers": { "x": { "as": "idd" } } }',
    'headers › x has an "as" that is none of id, correlation,',
  ],
  [
    '{ "framework": "Ours", "headers": { "x": "id" } }',
    'headers › x has to be a meaning such as { "as": "id" }',
  ],
  ['{ "framework": "Ours", "headers": { "x": { "as": "correlation" } } }', 'headers › x › name is missing'],
  ['{ "framework": "Ours", "marks": [{ "channel": "(" }] }', 'marks › 0 › channel is no regular expression'],
  ['{ "framework": "Ours", "marks": [{}] }', 'marks › 0 lists nothing'],
])('%s is told to be wrong, with file and place', (text, what) => {
  const { problem } = readRules('ours.json', text);
  expect(problem).toContain('The rules in ours.json do not count: ');
  expect(problem).toContain(what);
});
