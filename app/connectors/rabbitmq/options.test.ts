import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRabbitmqUrl } from './options.ts';

test('reads host, port, user, virtual host and options', () => {
  const url =
    'amqp://al%40ice@rabbit.example:5673/orders%2Feu?management=https://rabbit.example/admin&mode=taps&heartbeat=20';
  const settings = parseRabbitmqUrl(url, 's3cret');
  expect(settings).toMatchObject({
    host: 'rabbit.example',
    port: 5673,
    tls: false,
    vhost: 'orders/eu',
    user: 'al@ice',
    password: 's3cret',
    mode: 'taps',
    heartbeat: 20,
  });
  expect(settings.management?.href).toBe('https://rabbit.example/admin/');
});

test('assumes what RabbitMQ assumes', () => {
  expect(parseRabbitmqUrl('amqp://localhost', undefined)).toMatchObject({
    port: 5672,
    vhost: '/',
    user: 'guest',
    password: 'guest',
    mode: 'auto',
    management: new URL('http://localhost:15672/'),
  });
  expect(parseRabbitmqUrl('amqp://[::1]:1/', undefined)).toMatchObject({
    host: '::1',
    vhost: '/',
    management: new URL('http://[::1]:15672/'),
  });
  expect(parseRabbitmqUrl('amqp://h?management=none', undefined).management).toBeUndefined();
});

test('does not send a password in the clear where TLS was asked for', () => {
  expect(parseRabbitmqUrl('amqps://h', undefined)).toMatchObject({
    port: 5671,
    tls: true,
    management: new URL('https://h:15671/'),
  });
});

test.each([
  ['amqp://', /no host/],
  ['redis://h', /redis:/],
  ['amqp://h?mode=everything', /mode/],
  ['amqp://h?colour=red', /colour/],
  ['amqp://h?management=h:15672', /management/],
  ['amqp://h?management=http://u:s3cret@h:15672', /password/],
  ['amqp://h?ca=/nowhere/ca.pem', /nowhere/],
])('says what is wrong with %s', (url, message) => {
  expect(() => parseRabbitmqUrl(url, 's3cret')).toThrow(message);
  expect(() => parseRabbitmqUrl(url, 's3cret')).toThrow(
    expect.objectContaining({ code: 'invalid-options' }) as Error,
  );
  expect(() => parseRabbitmqUrl(url, 's3cret')).not.toThrow(/s3cret/);
});

test('finds every virtual host again', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (vhost) => {
      expect(parseRabbitmqUrl(`amqp://h/${encodeURIComponent(vhost)}`, undefined).vhost).toBe(
        vhost === '.' || vhost === '..' ? '/' : vhost,
      );
    }),
  );
});
