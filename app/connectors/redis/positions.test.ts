import { describe, expect, test } from 'vitest';
import type { Channel } from '../../model/message.ts';
import type { StreamInfo } from './inspect.ts';
import { createRemovalCheck, startOf } from './positions.ts';

const channel: Channel = { system: 'redis', cluster: 'c', name: 'orders', kind: 'stream' };
const info = (more: Partial<StreamInfo> = {}): StreamInfo => ({
  length: 3,
  firstId: '10-0',
  lastId: '30-0',
  added: 3,
  ...more,
});
const stored = (next: string) => ({ kind: 'checkpoint', channel, next }) as const;

describe('without a stored position', () => {
  test('it begins where it was asked to', () => {
    expect(startOf(channel, info(), undefined, 'earliest', false)).toEqual({ after: '0-0' });
    expect(startOf(channel, info(), undefined, 'latest', false)).toEqual({ after: '30-0' });
    expect(startOf(channel, info(), undefined, 20, false)).toEqual({ after: '19-18446744073709551615' });
  });

  test('a stream that is new or not there yet is read whole', () => {
    expect(startOf(channel, info(), undefined, 'latest', true)).toEqual({ after: '0-0' });
    expect(startOf(channel, undefined, undefined, 'latest', false)).toEqual({ after: '0-0' });
  });

  test('what was removed before is a gap', () => {
    expect(startOf(channel, info({ added: 8 }), undefined, 'earliest', false).gap).toMatchObject({
      state: 'gap',
      fromOffset: '0-1',
      toOffset: '10-0',
      count: 5,
    });
    expect(startOf(channel, info({ added: 8 }), undefined, 5, false).gap).toMatchObject({ count: undefined });
    expect(startOf(channel, info({ added: 8 }), undefined, 15, false).gap).toBeUndefined();
  });
});

describe('with a stored position', () => {
  test('it goes on there, whatever was asked for', () => {
    expect(startOf(channel, info(), stored('20-0'), 'latest', true)).toEqual({ after: '20-0' });
  });

  test('entries that may have been removed meanwhile are a gap', () => {
    expect(startOf(channel, info({ added: 9 }), stored('5-0'), 'latest', false)).toMatchObject({
      after: '5-0',
      gap: { state: 'gap', fromOffset: '5-1', toOffset: '10-0' },
    });
    expect(startOf(channel, info({ added: 3 }), stored('5-0'), 'latest', false).gap).toBeUndefined();
    expect(startOf(channel, info({ added: 9 }), stored('10-0'), 'latest', false).gap).toBeUndefined();
  });

  test('an empty stream at the same place lost nothing, one further on did', () => {
    const empty = info({ length: 0, firstId: undefined, added: 9 });
    expect(startOf(channel, empty, stored('30-0'), 'latest', false).gap).toBeUndefined();
    expect(startOf(channel, empty, stored('20-0'), 'latest', false).gap).toMatchObject({ toOffset: '30-1' });
  });

  test('a stream made anew is read from its beginning', () => {
    expect(startOf(channel, info(), stored('99-0'), 'latest', false)).toMatchObject({
      after: '0-0',
      gap: { reason: expect.stringContaining('anew') as string },
    });
  });
});

test('entries removed before they were read are counted whenever all is read', () => {
  const check = createRemovalCheck();
  expect(check.check(info({ added: 10 }), '30-0')).toBeUndefined();
  check.read(2);
  expect(check.check(info({ added: 15, lastId: '40-0' }), '35-0')).toBeUndefined();
  check.read(1);
  expect(check.check(info({ added: 15, lastId: '40-0' }), '40-0')).toBe(2);
  check.read(1);
  expect(check.check(info({ added: 16, lastId: '41-0' }), '41-0')).toBeUndefined();
});
