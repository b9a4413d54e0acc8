import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinSecret, nameFor, optionOf, splitSecret, withOption } from './connection-url.ts';

describe('a password in a pasted URL', () => {
  test('leaves the visible field, wherever it was', () => {
    expect(splitSecret('amqp://user:s%40cret@host:5672/vhost')).toEqual({
      url: 'amqp://user@host:5672/vhost',
      secret: 's@cret',
    });
    expect(splitSecret('redis://:pw@host:6379/0')).toEqual({ url: 'redis://host:6379/0', secret: 'pw' });
    expect(splitSecret('kafka+ssl://u:p/w@h1:9093,h2:9093?mechanism=plain')).toEqual({
      url: 'kafka+ssl://u@h1:9093,h2:9093?mechanism=plain',
      secret: 'p/w',
    });
    expect(splitSecret('redis://host?password=pw&db=1')).toEqual({ url: 'redis://host?db=1', secret: 'pw' });
    expect(splitSecret('kafka://localhost:9092')).toEqual({ url: 'kafka://localhost:9092' });
  });

  test('is the same after it was taken out and put back, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.constantFrom('', 'user'),
        (secret, user) => {
          const shown = `amqp://${user === '' ? '' : `${user}@`}host:5672/vhost?prefetch=10`;
          const sent = joinSecret(shown, secret);
          expect(splitSecret(sent)).toEqual({ url: shown, secret });
        },
      ),
    );
  });
});

test('a connection is named after its broker', () => {
  expect(nameFor('kafka://u@broker-1.prod:9092,broker-2:9092?x=1', 'Kafka')).toBe('Kafka broker-1.prod');
  expect(nameFor('', undefined)).toBe('');
});

test('options of the form are options of the URL', () => {
  const url = withOption('kafka://h:9092?clientId=a', 'mechanism', 'scram-sha-512');
  expect(url).toBe('kafka://h:9092?clientId=a&mechanism=scram-sha-512');
  expect(optionOf(url, 'mechanism')).toBe('scram-sha-512');
  expect(withOption(url, 'mechanism', '')).toBe('kafka://h:9092?clientId=a');
  expect(withOption('amqp://h/', 'management', 'http://h:15672')).toContain(
    'management=http%3A%2F%2Fh%3A15672',
  );
});
