import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import { startKafka } from './brokers/kafka.ts';
import { startRabbitmq } from './brokers/rabbitmq.ts';
import { startRedis } from './brokers/redis.ts';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { allLive, connectAll } from './support/shop-store.ts';
import { temporaryHeadwater } from './support/temporary.ts';

describeWith(['kafka', 'rabbitmq', 'redis'], 'a broker that goes away and returns', () => {
  it('is named on its own connection, the others go on, and reading goes on when it is back', async () => {
    const [kafka, rabbitmq, redis] = await Promise.all([startKafka(), startRabbitmq(), startRedis()]);
    onTestFinished(async () => {
      await Promise.all([kafka.dispose(), rabbitmq.dispose(), redis.dispose()]);
    });
    const rabbit = { url: `${rabbitmq.amqpUrl}/?management=http://${new URL(rabbitmq.managementUrl).host}` };
    const { client } = await temporaryHeadwater();
    await connectAll(client, { kafka, rabbitmq: rabbit, redis });
    await eventually('all are live', () => client.connections.list(), allLive);
    const of = async (name: string) => (await client.connections.list()).find((c) => c.name === name);

    const publish = {
      kafka: async () => {
        const producer = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING }).producer();
        await producer.connect();
        await producer.send({ topic: 'returns', messages: [{ value: '{}' }] });
        await producer.disconnect();
      },
      rabbitmq: async () => {
        const connection = await connect(rabbitmq.amqpUrl);
        const channel = await connection.createConfirmChannel();
        await channel.assertExchange('returns', 'topic');
        channel.publish('returns', 'x', Buffer.from('{}'));
        await channel.waitForConfirms();
        await connection.close();
      },
      redis: async () => {
        // Not on pub/sub: a channel where nothing comes afterwards must state its gap too.
        const direct = new Redis(redis.url);
        await direct.xadd('returns', '*', 'a', '1');
        await direct.quit();
      },
    };
    const admin = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'returns' }] });
    await admin.disconnect();

    const speaker = new Redis(redis.url);
    await eventually('pub/sub is heard', async () => {
      await speaker.publish('returns.quiet', '{}');
      return (await of('redis'))?.active.find((a) => a.channel.name === 'returns.quiet');
    });
    await speaker.quit();

    for (const [name, broker] of Object.entries({ kafka, rabbitmq, redis })) {
      await broker.stop();
      const gone = await eventually(
        `${name} is missed`,
        () => of(name),
        (c) => c?.phase === 'reconnecting',
      );
      expect(gone?.problem?.message).toMatch(/127\.0\.0\.1/);
      expect(gone?.problem?.remedy.length).toBeGreaterThan(10);
      const lost =
        gone?.active.filter((a) => a.channel.kind === 'pubsub' || a.channel.kind === 'exchange') ?? [];
      for (const { gaps } of lost) expect(gaps.at(-1)?.reason).toMatch(/cannot be read again/);
      for (const other of await client.connections.list())
        if (other.name !== name) expect(other.phase).toBe('live');
      await broker.start();
      await eventually(
        `${name} is back`,
        () => of(name),
        (c) => c?.phase === 'live' && c.problem === undefined,
        {
          withinMs: 60_000,
        },
      );
      const before = (await of(name))?.events ?? 0;
      // More than once: what is new from the moment of connecting on is read, and that may be a moment later.
      await eventually(
        `${name} is read again`,
        async () => {
          await publish[name as keyof typeof publish]();
          return of(name);
        },
        (c) => (c?.events ?? 0) > before,
        { everyMs: 500 },
      );
    }
    const missed = await of('rabbitmq');
    expect(missed?.active.flatMap((a) => a.gaps).length).toBeGreaterThan(0);
    const quiet = (await of('redis'))?.active.find((a) => a.channel.name === 'returns.quiet');
    expect(quiet?.gaps).toMatchObject([{ to: expect.any(Number) as number }]);
  });
});
