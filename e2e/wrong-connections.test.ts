import { createServer, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { temporaryHeadwater } from './support/temporary.ts';

/** A port that accepts and never answers. */
async function silentPort(): Promise<number> {
  const server: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const hostAndPort = (url: string) => new URL(url.replace(/^\w+:/, 'http:')).host;

describeWith(['kafka', 'rabbitmq', 'redis'], 'a connection that cannot work', (brokers) => {
  const kafka = () => brokers().kafka.bootstrap;
  const amqp = () => hostAndPort(brokers().rabbitmq.amqpUrl);
  const management = () => hostAndPort(brokers().rabbitmq.managementUrl);
  const redis = () => hostAndPort(brokers().redis.url);

  it.each([
    ['kafka to nobody', () => 'kafka://127.0.0.1:1', 'unreachable', /127\.0\.0\.1:1/],
    ['amqp to nobody', () => 'amqp://guest:guest@127.0.0.1:1', 'unreachable', /127\.0\.0\.1:1/],
    ['redis to nobody', () => 'redis://127.0.0.1:1', 'unreachable', /127\.0\.0\.1:1/],
    [
      'kafka at an unknown host',
      () => 'kafka://no-such-host.invalid:9092',
      'host-not-found',
      /no-such-host\.invalid/,
    ],
    [
      'amqp at an unknown host',
      () => 'amqp://no-such-host.invalid',
      'host-not-found',
      /no-such-host\.invalid/,
    ],
    [
      'redis at an unknown host',
      () => 'redis://no-such-host.invalid',
      'host-not-found',
      /no-such-host\.invalid/,
    ],
    ['kafka to a Redis', () => `kafka://${redis()}`, 'wrong-protocol', /Redis/i],
    ['kafka to HTTP', () => `kafka://${management()}`, 'wrong-protocol', /HTTP/],
    ['amqp to a Redis', () => `amqp://guest:guest@${redis()}`, 'wrong-protocol', /Redis/i],
    ['redis to AMQP', () => `redis://${amqp()}`, 'wrong-protocol', /AMQP|RabbitMQ/i],
    ['redis to a Kafka', () => `redis://${kafka()}`, 'wrong-protocol', /./],
    [
      'amqp with a wrong password',
      () => `amqp://guest:wrong@${amqp()}?management=http://${management()}`,
      'authentication',
      /guest/,
    ],
    ['redis with a password that it does not want', () => `redis://:wrong@${redis()}`, 'authentication', /./],
    [
      'amqp to a vhost that is not there',
      () => `amqp://guest:guest@${amqp()}/nowhere?management=http://${management()}`,
      'not-found',
      /nowhere/,
    ],
    ['something else', () => 'mqtt://127.0.0.1', 'invalid-options', /mqtt/],
    ['no URL at all', () => 'orders', 'invalid-options', /./],
  ])('%s says so, and what to do', async (_name, url, code, message) => {
    const { client } = await temporaryHeadwater();
    const result = await client.connections.test({ url: url() });
    if (result.ok) throw new Error('it connected');
    expect(result.problem).toMatchObject({ code });
    expect(result.problem.message).toMatch(message);
    expect(result.problem.remedy.length).toBeGreaterThan(10);
    expect(JSON.stringify(result)).not.toContain('wrong@');
  });

  it.each(['kafka', 'amqp', 'redis'])(
    '%s to a port that never answers gives up and says so',
    async (protocol) => {
      const { client } = await temporaryHeadwater();
      const result = await client.connections.test({ url: `${protocol}://127.0.0.1:${await silentPort()}` });
      expect(result).toMatchObject({
        ok: false,
        problem: { code: expect.stringMatching(/timeout|wrong-protocol/) as string },
      });
    },
  );

  it('tells each its own, and the others go on', async () => {
    const { client } = await temporaryHeadwater();
    for (const [name, url] of [
      ['good', brokers().redis.url],
      ['refused', `redis://:wrong@${redis()}`],
      ['away', 'kafka://127.0.0.1:1'],
    ] as const) {
      await client.connections.add({ name, url, channels: 'all', from: 'latest' });
    }
    const list = await eventually(
      'each says what it is',
      () => client.connections.list(),
      (all) => all.every((c) => c.phase !== 'connecting'),
    );
    const byName = Object.fromEntries(list.map((c) => [c.name, c]));
    expect(byName['good']).toMatchObject({ phase: 'live' });
    expect(byName['refused']).toMatchObject({ phase: 'failed', problem: { code: 'authentication' } });
    expect(byName['away']).toMatchObject({ phase: 'reconnecting', problem: { code: 'unreachable' } });
  });
});
