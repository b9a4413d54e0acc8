import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redisConnector } from '../../app/connectors/redis/index.ts';
import type { LookBackRequest, Source } from '../../app/model/source.ts';
import { startRedis, type RedisBroker } from '../brokers/redis.ts';
import { eventually } from '../support/eventually.ts';
import { memoryJournal, record, textOf } from './read-source.ts';

let broker: RedisBroker;
let redis: Redis;
const sources: Source[] = [];

const never = new AbortController().signal;
const open = async (url = broker.url, secret?: string): Promise<Source> => {
  const config = { connection: 'c', url, secret, cluster: 'prod', journal: memoryJournal(), now: Date.now };
  const source = await redisConnector.open(config, never);
  sources.push(source);
  return source;
};
const clients = async () =>
  (String(await redis.call('CLIENT', 'LIST')).match(/name=headwater\b/g) ?? []).length;

beforeAll(async () => {
  broker = await startRedis({
    security: true,
    users: [
      'default on nopass ~* &* +@all',
      'alice on >s3cret ~orders* &orders* +@all',
      'blind on >s3cret ~* &* +ping +client',
    ],
  });
  redis = new Redis(broker.url);
  redis.on('error', () => {});
});
afterAll(async () => {
  redis.disconnect();
  await broker.dispose();
});
beforeEach(async () => {
  await redis.flushall();
  return async () => {
    await Promise.all(sources.splice(0).map((source) => source.close()));
    await eventually('no connection is left', clients, (count) => count === 0);
  };
});

describe('streams', () => {
  test('are read from the earliest, go on live, and say when the server got each entry', async () => {
    const id = await redis.xadd('orders', '*', 'type', 'OrderPlaced', 'payload', '{"orderId":"12345"}');
    const source = await open();
    const reading = record(source, { from: 'earliest' });
    await eventually('the old entry', () => reading.messages.length === 1);
    const live = await redis.xadd('orders', '*', 'orderId', '12346', 'raw', Buffer.from([0xff, 0]));
    await eventually('the new entry', () => reading.messages.length === 2);
    const [first, second] = reading.messages;
    expect(first).toMatchObject({
      channel: { system: 'redis', cluster: 'prod', name: 'orders', kind: 'stream' },
      position: { offset: id },
      time: Number(id?.split('-')[0]),
      clock: 'broker',
      headers: [['type', 'OrderPlaced']],
    });
    expect(textOf(first)).toBe('{"orderId":"12345"}');
    expect(second).toMatchObject({ position: { offset: live }, headers: [] });
    expect(JSON.parse(textOf(second))).toEqual({ orderId: '12346', raw: { base64: '/wA=' } });
    await reading.stop();
  });

  test('from the latest nothing old is read, and a stream that appears later is read whole', async () => {
    await redis.xadd('orders', '*', 'a', 'old');
    const reading = record(await open());
    await eventually('it reads', () => reading.coverage.some((c) => c.channel.name === 'orders'));
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1_000; i++) pipeline.xadd('late', '*', 'i', i);
    pipeline.xadd('orders', '*', 'a', 'new');
    await pipeline.exec();
    await eventually('all of them', () => reading.messages.length === 1_001);
    const late = reading.messages
      .filter((m) => m.channel.name === 'late')
      .map((m) => JSON.parse(textOf(m)) as unknown);
    expect(late).toEqual(Array.from({ length: 1_000 }, (_, i) => ({ i: String(i) })));
    expect(reading.messages.filter((m) => m.channel.name === 'orders').map(textOf)).toEqual(['{"a":"new"}']);
    await reading.stop();
  });

  test('from a time on', async () => {
    for (const ms of [1000, 2000, 3000]) await redis.xadd('orders', `${ms}-0`, 'ms', ms);
    const reading = record(await open(), { from: 2000, channels: ['orders'] });
    await eventually('two', () => reading.messages.length === 2);
    expect(reading.messages.map((m) => m.position?.offset)).toEqual(['2000-0', '3000-0']);
    await reading.stop();
  });

  test('go on after the last checkpoint, without loss or doubling', async () => {
    const source = await open();
    const first = record(source, { from: 'earliest' });
    for (let i = 0; i < 10; i++) await redis.xadd('orders', '*', 'i', i);
    await eventually('ten', () => first.messages.length === 10);
    await first.stop();
    for (let i = 10; i < 20; i++) await redis.xadd('orders', '*', 'i', i);
    const resume = first.items.filter((item) => item.kind === 'checkpoint').slice(-1);
    const second = record(source, { resume });
    await eventually('ten more', () => second.messages.length === 10);
    expect(second.coverage.filter((c) => c.state === 'gap')).toEqual([]);
    expect(
      [...first.messages, ...second.messages].map((m) => (JSON.parse(textOf(m)) as { i: string }).i),
    ).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    await second.stop();
  });

  test('what was trimmed while away is a gap', async () => {
    const source = await open();
    const first = record(source, { from: 'earliest' });
    await redis.xadd('orders', '*', 'i', 0);
    await eventually('one', () => first.messages.length === 1);
    await first.stop();
    for (let i = 1; i < 10; i++) await redis.xadd('orders', 'MAXLEN', 2, '*', 'i', i);
    const resume = first.items.filter((item) => item.kind === 'checkpoint').slice(-1);
    const second = record(source, { resume });
    await eventually('what is left', () => second.messages.length === 2);
    const [gap] = second.coverage.filter((c) => c.state === 'gap');
    expect(gap).toMatchObject({ toOffset: second.messages[0]?.position?.offset });
    expect(gap?.reason).toMatch(/removed/);
    await second.stop();
  });

  test('what was removed before Headwater came is a gap with its count', async () => {
    for (let i = 0; i < 10; i++) await redis.xadd('orders', 'MAXLEN', 3, '*', 'i', i);
    const reading = record(await open(), { from: 'earliest' });
    await eventually('what is left', () => reading.messages.length === 3);
    expect(reading.coverage.find((c) => c.state === 'gap')).toMatchObject({ count: 7 });
    await reading.stop();
  });

  test('a stream that turns into something else stops only itself', async () => {
    await redis.xadd('a', '*', 'x', '1');
    await redis.xadd('b', '*', 'x', '1');
    const reading = record(await open(), { channels: ['a', 'b'], from: 'earliest' });
    await eventually('both', () => reading.messages.length === 2);
    await redis.multi().del('a').set('a', 'text').exec();
    await eventually('it says so', () => reading.alerts.some((a) => /stream a/.test(a.message)));
    await redis.xadd('b', '*', 'x', '2');
    await eventually('b goes on', () => reading.messages.length === 3);
    expect(reading.error).toBeUndefined();
    await reading.stop();
  });

  test('a stream that is made anew with smaller ids is read from its beginning', async () => {
    await redis.xadd('orders', '9-0', 'x', 'old');
    const reading = record(await open(), { from: 'earliest' });
    await eventually('old', () => reading.messages.length === 1);
    await redis.multi().del('orders').xadd('orders', '1-0', 'x', 'new').exec();
    await eventually('new', () => reading.messages.length === 2);
    expect(textOf(reading.messages[1])).toBe('{"x":"new"}');
    await reading.stop();
  });
});

describe('consumer groups', () => {
  const eventOf = (id: string) => `redis/prod/orders/${id}`;

  test('tell who has an entry in hand, who took it over, and when it was acknowledged', async () => {
    await redis.xgroup('CREATE', 'orders', 'shipping', '0', 'MKSTREAM');
    const reading = record(await open());
    await eventually('it reads', () => reading.topology !== undefined);
    const before = Date.now();
    const id = (await redis.xadd('orders', '*', 'orderId', '1'))!;
    await redis.xreadgroup('GROUP', 'shipping', 's1', 'STREAMS', 'orders', '>');
    const of = (status: string) =>
      reading.deliveries.find(
        (d) => d.status === status && 'event' in d.subject && d.subject.event === eventOf(id),
      );
    const pending = await eventually('it is pending', () => of('pending'));
    expect(pending).toMatchObject({ consumer: 'shipping', via: 's1', evidence: 'pending-entries' });
    expect(pending?.time).toBeGreaterThanOrEqual(before - 50);
    await redis.xclaim('orders', 'shipping', 's2', 0, id);
    const again = await eventually('it was taken over', () => of('redelivered'));
    expect(again).toMatchObject({ consumer: 'shipping', via: 's2' });
    const acked = Date.now();
    await redis.xack('orders', 'shipping', id);
    const done = await eventually('it was acknowledged', () => of('acknowledged'));
    expect(done).toMatchObject({ consumer: 'shipping', via: 's2' });
    expect(done?.after).toBeLessThanOrEqual(acked + 50);
    expect(done?.before).toBeGreaterThanOrEqual(acked);
    await reading.stop();
  });

  test('one that acknowledges at once is seen to have, for each entry', async () => {
    await redis.xgroup('CREATE', 'orders', 'shipping', '0', 'MKSTREAM');
    const reading = record(await open());
    await eventually('it reads', () => reading.topology !== undefined);
    const ids: string[] = [];
    for (let i = 0; i < 50; i++) ids.push((await redis.xadd('orders', '*', 'i', i))!);
    await redis.xreadgroup('GROUP', 'shipping', 's1', 'STREAMS', 'orders', '>');
    await redis.xack('orders', 'shipping', ...ids.slice(0, 49));
    const acknowledged = () =>
      reading.deliveries.flatMap((d) =>
        d.status === 'acknowledged' && 'event' in d.subject ? [d.subject.event] : [],
      );
    await eventually('49 acknowledged', () => acknowledged().length >= 49);
    await eventually('one pending', () => reading.deliveries.some((d) => d.status === 'pending'));
    expect(acknowledged().toSorted()).toEqual(ids.slice(0, 49).map(eventOf).toSorted());
    const lag = await eventually(
      'the lag',
      () => reading.topology?.subscriptions[0],
      (s) => s?.lag === 1,
      {
        withinMs: 15_000,
      },
    );
    expect(lag).toMatchObject({ consumer: 'shipping', channel: { name: 'orders' } });
    expect(lag?.detail).toMatch(/pending 1/);
    await reading.stop();
  });

  test('what was acknowledged before is told as ranges around what is in hand', async () => {
    await redis.xgroup('CREATE', 'orders', 'shipping', '0', 'MKSTREAM');
    for (const ms of [1, 2, 3, 4, 5]) await redis.xadd('orders', `${ms}-0`, 'ms', ms);
    await redis.xreadgroup('GROUP', 'shipping', 's1', 'COUNT', 4, 'STREAMS', 'orders', '>');
    await redis.xack('orders', 'shipping', '1-0', '2-0', '4-0');
    const reading = record(await open(), { from: 'earliest' });
    await eventually('it is told', () => reading.deliveries.length >= 3);
    const subjects = reading.deliveries.filter((d) => d.status === 'acknowledged').map((d) => d.subject);
    expect(subjects).toMatchObject([
      { fromOffset: '0-0', toOffset: '3-0' },
      { fromOffset: '3-1', toOffset: '4-1' },
    ]);
    await reading.stop();
  });
});

describe('pub/sub', () => {
  test('is heard by patterns, once each, and marked from when to when', async () => {
    const source = await open();
    const patterns = ['orders.*', 'orders.new', '*'].map((p) => `pubsub:${p}`);
    expect(await source.sideEffects(patterns)).toMatchObject(
      ['orders.*', 'orders.new', '*'].map((target) => ({ type: 'redis.subscription', target })),
    );
    expect(await source.sideEffects(['orders'])).toEqual([]);
    const reading = record(source, { channels: patterns });
    await eventually(
      'it subscribed',
      () => redis.call('PUBSUB', 'NUMPAT'),
      (count) => count === 3,
    );
    await redis.publish('orders.new', '{"orderId":1}');
    await redis.publish('orders.new', '{"orderId":1}');
    await redis.publish('other', Buffer.from([0xff]));
    await redis.publish('__keyspace@0__:x', 'set');
    await eventually('three', () => reading.messages.length === 3);
    expect(reading.messages.map((m) => m.channel)).toMatchObject([
      { kind: 'pubsub', name: 'orders.new' },
      { kind: 'pubsub', name: 'orders.new' },
      { kind: 'pubsub', name: 'other' },
    ]);
    expect(new Set(reading.messages.map((m) => m.id)).size).toBe(3);
    expect(reading.messages[2]?.body).toEqual(Buffer.from([0xff]));
    const heard = reading.messages[0]!.time;
    const mark = await eventually('a mark', () =>
      reading.coverage.find((c) => c.channel.name === 'orders.new' && c.to! >= heard),
    );
    expect(mark?.from).toBeLessThanOrEqual(heard);
    await reading.stop();
    expect(await redis.call('PUBSUB', 'NUMPAT')).toBe(0);
  });
});

describe('discovery', () => {
  test('lists streams with their length, and pub/sub channels by how they are chosen', async () => {
    await redis.xadd('orders', '*', 'a', 'b');
    await redis.set('text', '1');
    const subscriber = redis.duplicate();
    await subscriber.subscribe('news[1]');
    const found = await (await open()).discover(never);
    expect(found.map((f) => [f.channel.kind, f.channel.name, f.held])).toEqual([
      ['stream', 'orders', 1],
      ['pubsub', 'pubsub:news\\[1]', undefined],
      ['pubsub', 'pubsub:*', undefined],
    ]);
    subscriber.disconnect();
  });
});

describe('looking back', () => {
  const search = async (request: Partial<LookBackRequest>) => {
    const source = await open();
    const items = [];
    for await (const batch of source.lookBack!({
      channels: 'all',
      value: '1234',
      signal: never,
      ...request,
    })) {
      items.push(...batch);
    }
    return items;
  };

  test('finds a value as a whole, within a time, with progress and coverage', async () => {
    const pipeline = redis.pipeline();
    for (let i = 0; i < 3_000; i++)
      pipeline.xadd('orders', `${1000 + i}-0`, 'payload', `{"n":${i},"id":12345}`);
    pipeline.xadd('orders', '5000-0', 'payload', '{"id":1234}');
    pipeline.xadd('orders', '6000-0', 'orderId', '1234');
    pipeline.xadd('orders', '7000-0', 'orderId', '1234');
    await pipeline.exec();
    const items = await search({ to: 6500 });
    const found = items.filter((i) => i.kind === 'message');
    expect(found.filter((m) => m.position!.offset! >= '5000').map((m) => m.position?.offset)).toEqual([
      '5000-0',
      '6000-0',
    ]);
    // The number in {"n":1234} is the value too.
    expect(found).toHaveLength(3);
    expect(items.findLast((i) => i.kind === 'progress')).toMatchObject({ scanned: 3_002, matched: 3 });
    expect(items.find((i) => i.kind === 'coverage')).toMatchObject({ state: 'read', fromOffset: '1000-0' });
  });

  test('stops when told to', async () => {
    const pipeline = redis.pipeline();
    for (let i = 0; i < 5_000; i++) pipeline.xadd('orders', '*', 'orderId', '1234');
    await pipeline.exec();
    const abort = new AbortController();
    const source = await open();
    let scanned = 0;
    for await (const items of source.lookBack!({
      channels: ['orders'],
      value: '1234',
      signal: abort.signal,
    })) {
      for (const item of items) if (item.kind === 'progress') scanned = item.scanned;
      abort.abort();
    }
    expect(scanned).toBeGreaterThan(0);
    expect(scanned).toBeLessThan(5_000);
  });
});

describe('connections', () => {
  const failing = async (url: string, secret?: string) => {
    const error = await open(url, secret).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error ?? {}))).not.toContain('s3cret');
    return error;
  };

  test('log in, and say why they cannot', async () => {
    const host = new URL(broker.url).host;
    await (await open(`redis://alice@${host}`, 's3cret')).close();
    expect(await failing(`redis://alice@${host}`, 's3cret-not')).toMatchObject({ code: 'authentication' });
    expect(await failing(broker.url, 's3cret')).toMatchObject({ code: 'authentication' });
    expect(await failing(`redis://${host}/99`)).toMatchObject({ code: 'not-found' });
    expect(await failing('redis://127.0.0.1:1')).toMatchObject({ code: 'unreachable' });
    expect(await failing('redis://nowhere.invalid')).toMatchObject({ code: 'host-not-found' });
    expect(await failing(`rediss://${host}`)).toMatchObject({ code: 'wrong-protocol' });
  });

  test('use TLS with a given authority, and say what is wrong without', async () => {
    const { url: tlsUrl, caFile } = broker.tls!;
    await redis.xadd('orders', '*', 'a', 'b');
    const source = await open(`${tlsUrl}?ca=${caFile}`);
    const reading = record(source, { from: 'earliest' });
    await eventually('an entry', () => reading.messages.length === 1);
    await reading.stop();
    expect(await failing(tlsUrl)).toMatchObject({ code: 'tls' });
    expect(await failing(tlsUrl.replace('rediss', 'redis'))).toMatchObject({
      code: 'wrong-protocol',
      remedy: expect.stringContaining('rediss://') as string,
    });
  });

  test('read what a user may, and tell what it may not', async () => {
    const host = new URL(broker.url).host;
    await redis.xadd('orders', '*', 'a', '1');
    await redis.xadd('secret', '*', 'a', '1');
    const reading = record(await open(`redis://alice@${host}`, 's3cret'), { from: 'earliest' });
    await eventually('an alert', () => reading.alerts.some((a) => /secret/.test(a.message)));
    await eventually('the entry', () => reading.messages.length === 1);
    expect(reading.messages[0]?.channel.name).toBe('orders');
    expect(reading.alerts.map((a) => a.message).join()).toMatch(/pub\/sub|channels \*/);
    await reading.stop();
    const blind = record(await open(`redis://blind@${host}`, 's3cret'));
    await eventually('it fails', () => blind.error);
    expect(blind.error).toMatchObject({ code: 'authorization' });
  });

  test('all have a name while they are open, and none is left', async () => {
    const source = await open();
    const reading = record(source);
    await eventually('three', clients, (count) => count === 3);
    await reading.stop();
    await eventually('one', clients, (count) => count === 1);
    await source.close();
    await source.close();
    expect(await eventually('none', clients, (count) => count === 0)).toBe(0);
  });

  test('a server that goes away ends the reading as lost, and returns', async () => {
    const source = await open();
    const reading = record(source);
    await eventually('it reads', () => reading.topology !== undefined);
    await broker.kill();
    await eventually('it is lost', () => reading.error);
    expect(reading.error).toMatchObject({ code: 'lost', retryable: true });
    await source.close();
    await broker.start();
    await eventually('it returns', async () => (await open()).discover(never));
  });

  test('a server that stops answering is noticed', async () => {
    const reading = record(await open());
    await eventually('it reads', () => reading.topology !== undefined);
    process.kill(broker.pid!, 'SIGSTOP');
    try {
      await eventually('it is lost', () => reading.error, Boolean, { withinMs: 20_000 });
      expect(reading.error).toMatchObject({ code: 'lost' });
    } finally {
      process.kill(broker.pid!, 'SIGCONT');
    }
  });
});
