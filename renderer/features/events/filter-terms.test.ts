import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventRowDto } from '../../../app/contract/page.ts';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { filterTerms, narrowed } from './filter-terms.ts';

const row: EventRowDto = {
  id: 'e1',
  seq: 1,
  channel: { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' },
  type: 'OrderPlaced',
  key: '12345',
  keys: [{ name: 'orderId', value: '12345' }],
  time: 0,
  clock: 'broker',
  size: 1,
  format: 'json',
  hasProblems: false,
};

test('offers what can be searched by, the cell that was pointed at first', () => {
  expect(filterTerms(row).map(({ text }) => text)).toEqual([
    'type:OrderPlaced',
    'channel:orders',
    'system:kafka',
    'orderId=12345',
    '12345',
  ]);
  expect(filterTerms(row, 'key')[0]?.text).toBe('12345');
});

test('narrows a search: another channel takes the place of the one before, a key is added', () => {
  expect(narrowed('channel:payments 77', parseQuery('channel:orders').query)).toBe('77 channel:orders');
  expect(narrowed('orderId=1', parseQuery('customer="Ada L"').query)).toBe('orderId=1 customer="Ada L"');
});

test('whatever was searched and whatever is applied, the search then asks for it, once', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, text, text, (search, channel, name, value) => {
      const odd = { ...row, channel: { ...row.channel, name: channel }, keys: [{ name, value }] };
      for (const { query } of filterTerms(odd)) {
        const once = narrowed(search, query);
        const read = parseQuery(once).query;
        for (const key of query.keys) expect(read.keys).toContainEqual(key);
        if (query.channels.length > 0) expect(read.channels).toEqual([channel]);
        expect(narrowed(once, query)).toBe(once);
      }
    }),
  );
});
