import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { emptyQuery, momentTime } from './query.ts';
import type { Query } from './query.ts';

const parsed = (text: string): Partial<Query> => parseQuery(text).query;

describe('a search', () => {
  test('finds a value under any name, or under the name that is given', () => {
    expect(parsed('12345')).toEqual({ ...emptyQuery, keys: [{ value: '12345' }] });
    expect(parsed('orderId=12345')).toMatchObject({ keys: [{ name: 'orderId', value: '12345' }] });
  });

  test('takes fields, several values of one being alternatives', () => {
    expect(parsed('status:failed system:kafka system:Redis channel:orders type:OrderCreated')).toEqual({
      keys: [],
      status: 'failed',
      systems: ['kafka', 'redis'],
      channels: ['orders'],
      types: ['OrderCreated'],
    });
    expect(parsed('status:complete')).toMatchObject({ status: 'quiet' });
  });

  test('quotes hold blanks, separators and quotes', () => {
    expect(parsed('name="Ada L" "a:b=c" "say \\"hi\\""')).toMatchObject({
      keys: [{ name: 'name', value: 'Ada L' }, { value: 'a:b=c' }, { value: 'say "hi"' }],
    });
  });

  test('reads times, relative to the moment it runs or as a date', () => {
    const { after, before } = parsed('after:15m before:2026-03-01T10:00:00Z');
    expect(after && momentTime(after, 1_000_000)).toBe(100_000);
    expect(before && momentTime(before, 0)).toBe(Date.UTC(2026, 2, 1, 10));
  });

  test('tells what it does not understand, and searches the rest', () => {
    const { query, notes } = parseQuery('urn:order:7 status:odd after:soon orderId= x=1');
    expect(query.keys).toEqual([{ value: 'urn:order:7' }, { name: 'x', value: '1' }]);
    expect(notes).toHaveLength(4);
    expect(notes[0]).toContain('urn is not a field');
  });

  test('never throws, and what it prints of any text means the same', () => {
    const word = fc.constantFrom(
      'status:',
      'after:',
      '=',
      ':',
      '"',
      '\\',
      ' ',
      '__proto__',
      '<b>',
      '15m',
      'é',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const { query } = parseQuery(typed);
        expect(parseQuery(printQuery(query)).query).toEqual(query);
      }),
    );
  });

  test('any query can be written and read again', () => {
    const value = fc.string({ minLength: 1, unit: 'grapheme' });
    const values = fc.uniqueArray(value, { maxLength: 3 });
    const moment = fc.oneof(
      fc.integer({ min: 0, max: 4e12 }).map((at) => ({ at })),
      fc.integer({ min: 0, max: 999_999_999 }).map((ago) => ({ ago })),
    );
    const query: fc.Arbitrary<Query> = fc.record(
      {
        keys: fc.array(fc.record({ name: value, value }, { requiredKeys: ['value'] })),
        status: fc.constantFrom('failed', 'active', 'quiet', 'stuck'),
        systems: fc.subarray(['kafka', 'rabbitmq', 'redis', 'aws']),
        channels: values,
        types: values,
        after: moment,
        before: moment,
      },
      { requiredKeys: ['keys', 'systems', 'channels', 'types'] },
    );
    fc.assert(
      fc.property(query, (asked) => {
        expect(parseQuery(printQuery(asked))).toEqual({ query: asked, notes: [] });
      }),
    );
  });
});
