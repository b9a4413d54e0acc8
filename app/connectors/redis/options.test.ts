import { expect, test } from 'vitest';
import { parseRedisUrl } from './options.ts';

test('reads host, port, user and database', () => {
  expect(parseRedisUrl('redis://al%40ice@redis.example:6380/3?cluster=prod', 's3cret')).toMatchObject({
    host: 'redis.example',
    port: 6380,
    tls: false,
    db: 3,
    user: 'al@ice',
    password: 's3cret',
  });
  expect(parseRedisUrl('rediss://[::1]', undefined)).toEqual({
    host: '::1',
    port: 6379,
    tls: true,
    db: 0,
    user: undefined,
    password: undefined,
    ca: undefined,
  });
});

test.each([
  ['redis://', 'invalid-options', /no host/],
  ['amqp://h', 'invalid-options', /amqp:/],
  ['redis://h/orders', 'invalid-options', /database/],
  ['redis://h?colour=red', 'invalid-options', /colour/],
  ['redis://h?ca=/nowhere/ca.pem', 'invalid-options', /nowhere/],
  ['redis+cluster://h', 'unsupported', /cluster/],
  ['redis+sentinel://h', 'unsupported', /sentinel/],
])('says what is wrong with %s', (url, code, message) => {
  expect(() => parseRedisUrl(url, 's3cret')).toThrow(expect.objectContaining({ code }) as Error);
  expect(() => parseRedisUrl(url, 's3cret')).toThrow(message);
});
