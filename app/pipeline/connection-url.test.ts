import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerOf, hostOf, protocolOf, splitSecret, wantsSecret } from './connection-url.ts';

describe('connection URL', () => {
  it('takes the password out and leaves everything else', () => {
    expect(splitSecret('amqp://shop:s%40crET@host:5672/vhost?management=http://host:15672')).toEqual({
      url: 'amqp://shop@host:5672/vhost?management=http://host:15672',
      secret: 's@crET',
    });
    expect(splitSecret('redis://:only-password@host/0')).toEqual({
      url: 'redis://host/0',
      secret: 'only-password',
    });
    expect(splitSecret('kafka://a:9092,b:9092')).toEqual({ url: 'kafka://a:9092,b:9092' });
    expect(splitSecret('kafka+ssl://u:p@w@a:1,b:2?mechanism=plain')).toEqual({
      url: 'kafka+ssl://u@a:1,b:2?mechanism=plain',
      secret: 'p@w',
    });
  });

  it('never leaves the password in the URL, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (password) => {
        const encoded = encodeURIComponent(`ü${password}§`);
        const { url, secret } = splitSecret(`kafka://user:${encoded}@host:9092/x`);
        expect(url).toBe('kafka://user@host:9092/x');
        expect(secret).toBe(`ü${password}§`);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        splitSecret(text);
        protocolOf(text);
        hostOf(text);
        brokerOf(text);
        wantsSecret(text);
      }),
    );
  });

  it('tells brokers apart by host and virtual host, whoever asks and however', () => {
    const one = brokerOf('amqp://guest@Rabbit:5672?management=http://rabbit:15672');
    expect(brokerOf('amqp://other@rabbit:5672/%2F')).toBe(one);
    expect(brokerOf('amqp://rabbit:5672/')).toBe(one);
    expect(brokerOf('amqp://rabbit:5672/shop')).not.toBe(one);
    expect(brokerOf('amqp://rabbit:5673/')).not.toBe(one);
  });

  it('knows who needs a password', () => {
    expect(wantsSecret('kafka://user@host:1')).toBe(true);
    expect(wantsSecret('kafka://host:1')).toBe(false);
    expect(wantsSecret('kafka://user@host:1?passwordEnv=PW')).toBe(false);
    expect(hostOf('kafka+ssl://user@a:1,b:2?x=y')).toBe('a:1');
    expect(protocolOf('KAFKA+ssl://x')).toBe('kafka+ssl');
  });
});
