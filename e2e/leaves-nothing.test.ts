import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

describeWith(['kafka', 'rabbitmq', 'redis'], 'after disconnecting', (brokers) => {
  const api = async (path: string): Promise<unknown> => {
    const { origin, username, password } = new URL(brokers().rabbitmq.managementUrl);
    const authorization = `Basic ${btoa(`${username || 'guest'}:${password || 'guest'}`)}`;
    return (await fetch(`${origin}/api/${path}`, { headers: { authorization } })).json();
  };
  const pick = (list: unknown, ...fields: string[]) =>
    (list as Record<string, unknown>[])
      .map((item) => JSON.stringify(fields.map((f) => item[f])))
      .toSorted((a, b) => a.localeCompare(b));

  /** Everything on the brokers that an observer could leave behind. */
  async function listAll(redis: Redis): Promise<Record<string, unknown>> {
    const admin = new Kafka({ brokers: [brokers().kafka.bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const groups = (await admin.listGroups()).groups
        .map((g) => g.groupId)
        .toSorted((a, b) => a.localeCompare(b));
      const topics = (await admin.listTopics()).toSorted((a, b) => a.localeCompare(b));
      const clients = String(await redis.call('CLIENT', 'LIST'));
      return {
        'kafka groups': groups,
        'kafka topics': topics,
        'rabbitmq queues': pick(await api('queues'), 'vhost', 'name', 'arguments'),
        'rabbitmq exchanges': pick(await api('exchanges'), 'vhost', 'name', 'type'),
        'rabbitmq bindings': pick(await api('bindings'), 'vhost', 'source', 'destination', 'routing_key'),
        'rabbitmq vhosts': pick(await api('vhosts'), 'name', 'tracing', 'description', 'tags'),
        'rabbitmq connections of ours': pick(await api('connections'), 'client_properties').filter((c) =>
          c.includes('headwater'),
        ),
        'redis clients of ours': clients.split('\n').filter((line) => /name=headwater/.test(line)),
        'redis keys': (await redis.keys('*')).toSorted((a, b) => a.localeCompare(b)),
        'redis patterns': await redis.call('PUBSUB', 'NUMPAT'),
      };
    } finally {
      await admin.disconnect();
    }
  }

  async function observeAll(dir: string) {
    const headwater = await temporaryHeadwater(dir);
    // The password from a file, so that the next start has it too.
    const passwordFile = join(dir, 'password');
    await writeFile(passwordFile, 'guest');
    const rabbitmq = `${brokers().rabbitmq.url.replace(':guest@', '@')}&passwordFile=${encodeURIComponent(passwordFile)}`;
    for (const url of [brokers().kafka.url, rabbitmq, brokers().redis.url]) {
      await headwater.client.connections.add({ name: '', url, channels: 'all', from: 'latest' });
    }
    await eventually(
      'all are live',
      () => headwater.client.connections.list(),
      (all) => all.every((c) => c.phase === 'live'),
    );
    return headwater;
  }

  async function withExchange<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const name = `leaves-nothing-${randomBytes(4).toString('hex')}`;
    const redis = new Redis(brokers().redis.url);
    const amqp = await connect(brokers().rabbitmq.amqpUrl);
    const channel = await amqp.createChannel();
    await channel.assertExchange(name, 'topic', { durable: false });
    try {
      return await work(redis);
    } finally {
      await channel.deleteExchange(name);
      await amqp.close();
      await redis.quit();
    }
  }

  it('the brokers hold what they held before', async () => {
    await withExchange(async (redis) => {
      const before = await listAll(redis);
      const headwater = await observeAll(await temporaryDir());
      const during = await eventually(
        'it holds something meanwhile',
        () => listAll(redis),
        (now) => (now['rabbitmq connections of ours'] as unknown[]).length > 0,
      );
      expect(during).not.toEqual(before);
      const [, rabbit] = await headwater.client.connections.list();
      expect(rabbit?.sideEffects.map((e) => e.description).join()).toMatch(/tracing/i);

      for (const { id } of await headwater.client.connections.list())
        await headwater.client.connections.disconnect({ id });
      await eventually(
        'nothing is left',
        () => listAll(redis),
        (now) => JSON.stringify(now) === JSON.stringify(before),
      );
      console.log(
        Object.entries(before)
          .map(([what, list]) => `${what}: ${JSON.stringify(list)?.length} bytes, the same`)
          .join('\n'),
      );
    });
  });

  it('so it is in the end where the password went with a kill, a wrong one is typed and the connection removed', async () => {
    const tracing = async () => ((await api('vhosts/%2F')) as { tracing: boolean }).tracing;
    const { url } = brokers().rabbitmq;
    const rabbit = { name: 'rabbit', url, channels: 'all', from: 'latest' } as const;
    const before = await tracing();
    const dir = await temporaryDir();
    const first = await temporaryHeadwater(dir);
    await first.client.connections.add(rabbit);
    await eventually('tracing is on', tracing, (on) => on);
    await first.kill();

    const { client } = await temporaryHeadwater(dir);
    const only = async () => (await client.connections.list())[0];
    const left = await only();
    expect(left).toMatchObject({
      needsSecret: true,
      sideEffects: [{ type: 'rabbitmq.tracing', undoByHand: 'rabbitmqctl trace_off -p /' }],
    });
    const id = left?.id ?? '';
    await client.connections.change({ id, url: url.replace('guest:guest', 'guest:wrong') });
    await eventually('the password is refused', only, (c) => c?.problem?.code === 'authentication');
    await expect(client.connections.remove({ id })).rejects.toThrow(/trace_off -p \//);
    expect((await only())?.sideEffects).toHaveLength(1);
    expect(await tracing()).toBe(true);

    await client.connections.remove({ id, anyway: true });
    expect(await client.connections.list()).toEqual([]);
    expect((await client.info()).warnings.join()).toMatch(/trace_off -p \//);
    const again = await client.connections.add(rabbit);
    await eventually('it is live', only, (c) => c?.phase === 'live' && c.sideEffects.length > 0);
    expect((await client.info()).warnings.join()).not.toMatch(/trace_off/);
    await client.connections.disconnect(again);
    expect(await tracing()).toBe(before);
    expect((await only())?.sideEffects).toEqual([]);
  });

  it('so it is after kill -9 and the next start', async () => {
    await withExchange(async (redis) => {
      const dir = await temporaryDir();
      const before = await listAll(redis);
      const first = await observeAll(dir);
      await first.kill();
      const second = await temporaryHeadwater(dir);
      await eventually(
        'it is live again',
        () => second.client.connections.list(),
        (all) => all.length === 3 && all.every((c) => c.phase === 'live'),
      );
      expect(await second.stop()).toBe(0);
      await eventually(
        'nothing is left',
        () => listAll(redis),
        (now) => JSON.stringify(now) === JSON.stringify(before),
      );
    });
  });
});
