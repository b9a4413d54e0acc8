import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import type { EventRowDto, TopologyDto } from '../app/contract/page.ts';
import { runShop } from './shop/shop.ts';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import type { PageClient } from './support/headwater.ts';
import { allLive, connectAll } from './support/shop-store.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

const unique = () => `m${randomBytes(3).toString('hex')}`;

/** Follows the tail as the page does, one page after the other, until `done` and the tail has come to rest. */
async function follow(client: PageClient, done: Promise<unknown>): Promise<EventRowDto[]> {
  const seen: EventRowDto[] = [];
  let resting = false;
  void done.then(() => (resting = true));
  for (let after = 0; ;) {
    const atRest = resting;
    const page = await client.events.list({ query: '', after, limit: 50 });
    seen.push(...page.rows.toReversed());
    after = seen.at(-1)?.seq ?? 0;
    if (page.more) continue;
    if (atRest && seen.length === (await client.info()).events) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describeWith(['rabbitmq'], 'a client that the broker names some seconds late', (brokers) => {
  it('is the publisher of its first event all the same, and never consumes under the name of its queue', async () => {
    const { client } = await temporaryHeadwater();
    const { url, amqpUrl } = brokers().rabbitmq;
    await client.connections.add({ name: 'rabbitmq', url, channels: 'all', from: 'latest' });
    await eventually('it is live', () => client.connections.list(), allLive);
    const name = unique();
    const amqp = await connect(amqpUrl, { clientProperties: { connection_name: `${name}-service` } });
    onTestFinished(() => amqp.close());
    const channel = await amqp.createChannel();
    await channel.assertExchange(name, 'topic', { autoDelete: true });
    await channel.assertQueue(`${name}-queue`, { autoDelete: true });
    await channel.bindQueue(`${name}-queue`, name, '#');
    await channel.consume(`${name}-queue`, (message) => message && channel.ack(message));
    channel.publish(name, 'order.placed', Buffer.from('{"orderId":"1"}'));

    const consumers = new Set<string>();
    const first = await eventually(
      'it has its name',
      async () => {
        const { edges } = await client.topology();
        for (const { from, to } of edges)
          for (const end of [from, to]) if (end.includes(name)) consumers.add(end);
        return (await client.events.list({ query: '', limit: 10 })).rows.find((e) => e.channel.name === name);
      },
      (event) => event?.producer !== undefined,
    );
    expect(first?.producer).toEqual({ name: `${name}-service`, inferred: false });
    expect((await client.events.get({ id: first?.id ?? '' })).head.producer).toEqual(first?.producer);
    const participants = [...consumers].filter((end) => end.startsWith('participant'));
    expect(participants.filter((end) => end.includes(`${name}-queue`))).toEqual([]);
  });
});

describeWith(['kafka', 'rabbitmq', 'redis'], 'while the shop runs', (brokers) => {
  it('who follows the tail misses nothing, and the map shows what moves', async () => {
    const { client } = await temporaryHeadwater();
    await connectAll(client, brokers());
    await eventually('all are live', () => client.connections.list(), allLive);
    const before = await client.changes({ since: -1 });
    const prefix = `${unique()}-`;
    const shop = await runShop({
      brokers: {
        kafka: brokers().kafka.bootstrap,
        rabbitmq: brokers().rabbitmq.amqpUrl,
        redis: brokers().redis.url,
      },
      rate: 20,
      orders: 60,
      seed: unique(),
      prefix,
      logDir: await temporaryDir(),
    });
    const following = follow(client, shop.done);
    // Other tests share the brokers: only the shop's own channels are looked at. What moves may be stored a moment later.
    const moving = ({ channels }: TopologyDto) =>
      channels.filter(
        ({ name, rate, last = 0 }) => name.startsWith(prefix) && rate > 0 && last > Date.now() - 120_000,
      );
    await eventually(
      'the map moves',
      () => client.topology(),
      (map) =>
        new Set(moving(map).map(({ system }) => system)).size === 3 &&
        map.edges.some(({ rate = 0 }) => rate > 0),
    );
    expect((await client.changes({ instance: before.instance, since: before.revision })).events).toBe(true);

    const seen = await following;
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const { first = 0, last = 0, events } = await client.info();
    const times = seen.map(({ time }) => time);
    expect([first, last]).toEqual([Math.min(...times), Math.max(...times)]);
    const { series } = await client.events.histogram({ query: '', from: first, to: last, buckets: 30 });
    expect(series.flatMap(({ counts }) => counts).reduce((a, b) => a + b)).toBe(events);
    const traced = await eventually(
      'events have their traces',
      () => client.events.list({ query: '', limit: 100 }),
      ({ rows }) => rows.every(({ trace }) => trace !== undefined),
    );
    const trace = await client.traces.get({ id: traced.rows[0]?.trace ?? '' });
    expect(trace.events.map(({ id }) => id)).toContain(traced.rows[0]?.id);
  });
});

describeWith(['redis'], 'a stream whose group is behind', (brokers) => {
  it('tells which entries are in hand, and which nobody has read', async () => {
    const [stream, group] = [unique(), unique()];
    const redis = new Redis(brokers().redis.url);
    try {
      for (let n = 0; n < 6; n++) await redis.xadd(stream, '*', 'orderId', String(n));
      await redis.xgroup('CREATE', stream, group, '0');
      await redis.xreadgroup('GROUP', group, 'worker', 'COUNT', 4, 'STREAMS', stream, '>');
      const ids = (await redis.xrange(stream, '-', '+')).map(([id]) => id);
      await redis.xack(stream, group, ...ids.slice(0, 2));

      const { client } = await temporaryHeadwater();
      await client.connections.add({
        name: 'r',
        url: brokers().redis.url,
        channels: [stream],
        from: 'earliest',
      });
      const ask = () =>
        client.waiting({
          channel: `redis/default/stream/${stream}`,
          consumer: `participant/${group}`,
          limit: 10,
        });
      const found = await eventually('all four wait', ask, ({ events }) => events.length === 4);
      expect(found.events.map(({ event, state, deliveries }) => [event.offset, state, deliveries])).toEqual(
        expect.arrayContaining([
          [ids[2], 'pending', 1],
          [ids[3], 'pending', 1],
          [ids[4], 'unread', undefined],
          [ids[5], 'unread', undefined],
        ]),
      );
      expect(found.total).toBe(4);
      await redis.xack(stream, group, ids[2] ?? '');
      await eventually('one less', ask, ({ events }) => events.length === 3);
    } finally {
      await redis.del(stream);
      redis.disconnect();
    }
  });
});

describeWith(['kafka'], 'a topic whose group is behind', (brokers) => {
  it('tells which events nobody has read, the longest first', async () => {
    const [topic, group] = [unique(), unique()];
    const kafka = new Kafka({ brokers: brokers().kafka.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    try {
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
      await producer.connect();
      for (let n = 0; n < 5; n++) await producer.send({ topic, messages: [{ value: `{"orderId":"${n}"}` }] });
      const commit = (offset: string) =>
        admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset }] });
      await commit('3');

      const { client } = await temporaryHeadwater();
      await client.connections.add({
        name: 'k',
        url: brokers().kafka.url,
        channels: [topic],
        from: 'earliest',
      });
      const ask = () =>
        client.waiting({
          channel: `kafka/default/topic/${topic}`,
          consumer: `participant/${group}`,
          limit: 10,
        });
      const found = await eventually('two wait', ask, ({ events }) => events.length === 2);
      expect(found.events.map(({ event, state }) => [event.offset, state])).toEqual([
        ['3', 'unread'],
        ['4', 'unread'],
      ]);
      expect(found.total).toBe(2);
      await commit('5');
      await eventually('none waits', ask, ({ events }) => events.length === 0);
    } finally {
      await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    }
  });
});
