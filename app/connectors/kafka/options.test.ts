import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, parseKafkaUrl } from './options.ts';

describe('a Kafka URL', () => {
  it('names brokers, user and options', () => {
    expect(
      parseKafkaUrl('kafka+ssl://ann%40x@a.example:9093,b.example?mechanism=scram-sha-512&ca=/c.pem'),
    ).toEqual({
      bootstrap: [
        { host: 'a.example', port: 9093 },
        { host: 'b.example', port: 9093 },
      ],
      tls: true,
      username: 'ann@x',
      options: { clientId: 'headwater', insecure: 'false', mechanism: 'scram-sha-512', ca: '/c.pem' },
    });
  });

  it('survives writing and reading', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    const address = fc.record({ host, port: fc.integer({ min: 1, max: 65535 }) });
    const user = fc.string({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        user,
        (bootstrap, tls, name) => {
          const hosts = bootstrap.map(addressText).join(',');
          const url = `kafka${tls ? '+ssl' : ''}://${encodeURIComponent(name)}@${hosts}?clientId=me`;
          expect(parseKafkaUrl(url)).toMatchObject({
            bootstrap,
            tls,
            username: name,
            options: { clientId: 'me' },
          });
        },
      ),
    );
  });

  it.each([
    ['http://host', 'not a Kafka URL'],
    ['kafka://', 'is not host:port'],
    ['kafka://host:0', '“host:0” is not host:port'],
    ['kafka://host:99999', '“host:99999” is not host:port'],
    ['kafka://a,,b', '“” is not host:port'],
    ['kafka://host?mechnism=plain', '“mechnism” is not known'],
    ['kafka://host?mechanism=kerberos', '“mechanism” is wrong'],
  ])('%s is refused: %s', (url, message) => {
    expect(() => parseKafkaUrl(url)).toThrow(message);
  });

  it('that is refused is never quoted with what may be a password', () => {
    expect.assertions(1);
    try {
      parseKafkaUrl('kafka://user:s3cret@host:9092?nope=1');
    } catch (error) {
      expect(String(error)).not.toContain('s3cret');
    }
  });
});
