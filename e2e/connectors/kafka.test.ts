import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CompressionTypes, Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openKafka, type KafkaTuning } from '../../app/connectors/kafka/index.ts';
import type { Delivery } from '../../app/model/delivery.ts';
import type { RawMessage } from '../../app/model/message.ts';
import type {
  Alert,
  Checkpoint,
  ConnectionError,
  ReadRequest,
  Source,
  SourceItem,
} from '../../app/model/source.ts';
import { requireBroker } from '../brokers/availability.ts';
import { startKafka, type KafkaBroker } from '../brokers/kafka.ts';
import { findProgram } from '../brokers/tools.ts';
import { describeWith } from '../support/brokers.ts';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);
const quick: Partial<KafkaTuning> = {
  refreshMs: 300,
  groupsMs: 300,
  silenceMs: 1_500,
  connectTimeoutMs: 1_500,
};

const messagesOf = (items: readonly SourceItem[]): RawMessage[] =>
  items.filter((item) => item.kind === 'message');
const alertsOf = (items: readonly SourceItem[]): Alert[] => items.filter((item) => item.kind === 'alert');
const deliveriesOf = (items: readonly SourceItem[]): Delivery[] =>
  items.filter((item) => item.kind === 'delivery');
const bodies = (items: readonly SourceItem[]): string[] => messagesOf(items).map((m) => String(m.body));
const places = (items: readonly SourceItem[]): string[] =>
  messagesOf(items).map(
    ({ channel, position }) => `${channel.name}/${position?.partition}/${position?.offset}`,
  );

const sorted = (texts: readonly string[]): string[] => texts.toSorted((a, b) => a.localeCompare(b));

/** The last checkpoint of each partition: what a store would give back after a restart. */
function checkpointsOf(items: readonly SourceItem[]): Checkpoint[] {
  const last = new Map<string, Checkpoint>();
  for (const item of items)
    if (item.kind === 'checkpoint') last.set(`${item.channel.name}/${item.partition}`, item);
  return [...last.values()];
}

// A broker of its own: these tests stop it, freeze it, and talk to its secured listeners.
describeWith(['kafka'], 'the Kafka connector', () => {
  let broker: KafkaBroker;
  let kafka: Kafka;
  let admin: ReturnType<Kafka['admin']>;
  let groupsBefore: string[];

  const groupIds = async (): Promise<string[]> =>
    (await admin.listGroups()).groups.map(({ groupId }) => groupId);

  beforeAll(async () => {
    const via = await requireBroker('kafka');
    broker = await startKafka({ security: via === 'native' });
    kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    await admin.connect();
    groupsBefore = await groupIds();
  });

  afterAll(async () => {
    await admin?.disconnect();
    await broker?.dispose();
  });

  async function open(url = broker.url, secret?: string, tuning = quick): Promise<Source> {
    const journal = { record: async () => undefined, done: async () => undefined };
    const config = { connection: 'test', url, secret, cluster: 'default', journal, now: Date.now };
    const source = await openKafka(config, new AbortController().signal, tuning);
    onTestFinished(() => source.close());
    return source;
  }

  async function newTopic(
    numPartitions = 1,
    configEntries: { name: string; value: string }[] = [],
  ): Promise<string> {
    const topic = `t-${randomBytes(4).toString('hex')}`;
    await create(topic, numPartitions, configEntries);
    return topic;
  }

  const forget = (group: string) =>
    eventually(
      `${group} is deleted`,
      async () => (await admin.deleteGroups([group])).length,
      (deleted) => deleted > 0,
      // A member that went without leaving stays until its session ends, after 30 s.
      { withinMs: 90_000 },
    );

  /** The broker learns of a new topic a moment after it agreed to make it. */
  async function create(
    topic: string,
    numPartitions = 1,
    configEntries: { name: string; value: string }[] = [],
  ): Promise<void> {
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: false });
    await eventually(
      `${topic} is there`,
      () => admin.fetchTopicOffsets(topic),
      (partitions) => partitions.length === numPartitions,
    );
  }

  async function send(
    topic: string,
    messages: Message[],
    compression = CompressionTypes.None,
  ): Promise<void> {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages, compression });
    await producer.disconnect();
  }

  const numbered = (from: number, to: number): Message[] =>
    Array.from({ length: to - from }, (_, i) => ({ key: `k${from + i}`, value: `v${from + i}` }));

  /** Reads in the background. */
  function follow(source: Source, request: Partial<ReadRequest>) {
    const stop = new AbortController();
    const items: SourceItem[] = [];
    let error: unknown;
    const whole = { channels: 'all', from: 'earliest', resume: [], signal: stop.signal, ...request } as const;
    const ended = (async () => {
      try {
        for await (const batch of source.read(whole)) items.push(...batch);
      } catch (thrown) {
        error = thrown;
      }
    })();
    onTestFinished(() => stop.abort());
    const end = async (): Promise<SourceItem[]> => {
      stop.abort();
      await ended;
      return items;
    };
    return { items, end, ended, error: () => error as ConnectionError | undefined };
  }

  it('lists topics with what they hold, internal ones last', async () => {
    const topic = await newTopic(3);
    await send(topic, numbered(0, 10));
    const consumer = kafka.consumer({ groupId: 'makes-internal-topics', maxWaitTimeInMs: 200 });
    // A new offsets topic makes kafkajs fail and start anew for a while; told to leave meanwhile, it joins once more and
    // stays. What it has handled something in is a group that it leaves.
    let handled = 0;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: () => {
        handled++;
        return Promise.resolve();
      },
    });
    const source = await open();
    const found = await eventually(
      'the offsets topic is there',
      () => source.discover(new AbortController().signal),
      (list) => list.some(({ internal }) => internal),
      // A broker makes its offsets topic when the first group asks, which may take several rounds of retries.
      { withinMs: 120_000 },
    );
    await eventually(
      'all is handled',
      () => handled,
      (count) => count === 10,
      { withinMs: 60_000 },
    );
    await consumer.disconnect();
    await forget('makes-internal-topics');
    expect(found.find(({ channel }) => channel.name === topic)).toMatchObject({
      partitions: 3,
      held: 10,
      internal: false,
    });
    expect(found.at(-1)).toMatchObject({ internal: true });
    expect(await source.sideEffects('all')).toEqual([]);
  });

  it('reads everything once, in order, and goes on from its checkpoints', async () => {
    const topic = await newTopic(4);
    await send(topic, numbered(0, 5_000));
    const source = await open();
    const first = follow(source, { channels: [topic] });
    await eventually('all is read', () => messagesOf(first.items).length >= 5_000);
    const items = await first.end();
    expect(new Set(places(items)).size).toBe(5_000);
    expect(messagesOf(items)).toHaveLength(5_000);
    for (const partition of [0, 1, 2, 3]) {
      const offsets = messagesOf(items)
        .filter((m) => m.position?.partition === partition)
        .map((m) => Number(m.position?.offset));
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
    const covered = items.filter((item) => item.kind === 'coverage' && item.state === 'read');
    expect(
      covered.reduce((sum, c) => sum + ('toOffset' in c ? Number(c.toOffset) - Number(c.fromOffset) : 0), 0),
    ).toBe(5_000);

    await send(topic, numbered(5_000, 5_100));
    const second = follow(source, { channels: [topic], resume: checkpointsOf(items) });
    await eventually('the rest is read', () => messagesOf(second.items).length >= 100);
    const rest = await second.end();
    expect(sorted(bodies(rest))).toEqual(sorted(numbered(5_000, 5_100).map(({ value }) => String(value))));
  });

  it('goes on from any checkpoint on the way', async () => {
    const topic = await newTopic(2);
    await send(topic, numbered(0, 6_000), CompressionTypes.GZIP);
    const source = await open();
    const stop = new AbortController();
    const early: SourceItem[] = [];
    for await (const batch of source.read({
      channels: [topic],
      from: 'earliest',
      resume: [],
      signal: stop.signal,
    })) {
      early.push(...batch);
      if (messagesOf(early).length > 0) break;
    }
    expect(messagesOf(early).length).toBeLessThan(6_000);
    const later = follow(source, { channels: [topic], resume: checkpointsOf(early) });
    await eventually(
      'the rest is read',
      () => messagesOf(early).length + messagesOf(later.items).length >= 6_000,
    );
    const all = [...places(early), ...places(await later.end())];
    expect([all.length, new Set(all).size]).toEqual([6_000, 6_000]);
  });

  it('starts at the latest, or at a time', async () => {
    const topic = await newTopic(2);
    const base = Date.now() - 100_000;
    await send(
      topic,
      Array.from({ length: 20 }, (_, i) => ({ value: `old${i}`, timestamp: String(base + i * 1_000) })),
    );
    const source = await open();
    const latest = follow(source, { channels: [topic], from: 'latest' });
    const timed = follow(source, { channels: [topic], from: base + 15_000 });
    await eventually('both read', () =>
      [latest, timed].every((one) => one.items.some((i) => i.kind === 'topology')),
    );
    await send(topic, [{ value: 'new' }]);
    await eventually('the new one is seen', () =>
      [latest, timed].every((one) => bodies(one.items).includes('new')),
    );
    expect(bodies(await latest.end())).toEqual(['new']);
    expect(sorted(bodies(await timed.end()))).toEqual(['new', 'old15', 'old16', 'old17', 'old18', 'old19']);
  });

  it('keeps keys, headers and tombstones as they were', async () => {
    const topic = await newTopic();
    await send(topic, [
      { key: 'k', value: null, headers: { a: ['1', '2'], b: Buffer.from([0xff]) } },
      { key: Buffer.from([0xff, 1]), value: Buffer.alloc(0) },
    ]);
    const reading = follow(await open(), { channels: [topic] });
    await eventually('both are read', () => messagesOf(reading.items).length === 2);
    const [tombstone, empty] = messagesOf(await reading.end());
    expect(tombstone).toMatchObject({ key: 'k', body: null, clock: 'producer' });
    expect(tombstone?.headers).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', Buffer.from([0xff])],
    ]);
    expect(empty?.key).toEqual(Buffer.from([0xff, 1]));
    expect(empty?.body).toHaveLength(0);
  });

  it('has the broker’s time where the topic says so', async () => {
    const topic = await newTopic(1, [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]);
    await send(topic, [{ value: 'x', timestamp: '1000' }]);
    const reading = follow(await open(), { channels: [topic] });
    await eventually('it is read', () => messagesOf(reading.items).length === 1);
    const [message] = messagesOf(await reading.end());
    expect(message?.clock).toBe('broker');
    expect(message?.time).toBeGreaterThan(1_700_000_000_000);
  });

  it('unpacks gzip, snappy, lz4 and zstd', async (context) => {
    const kcat = findProgram('kcat');
    if (!kcat) return context.skip('needs kcat');
    const topic = await newTopic();
    const lines = Array.from({ length: 3_000 }, (_, i) => `{"orderId":${i},"pad":"${'ab'.repeat(40)}"}`);
    await send(
      topic,
      lines.map((value) => ({ value })),
      CompressionTypes.GZIP,
    );
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      const produced = run(kcat, ['-P', '-b', broker.bootstrap, '-t', topic, '-z', codec]);
      produced.child.stdin?.end(lines.join('\n'));
      await produced;
    }
    const reading = follow(await open(), { channels: [topic] });
    await eventually('all is read', () => messagesOf(reading.items).length >= 5 * lines.length);
    const items = await reading.end();
    expect(alertsOf(items)).toEqual([]);
    expect(bodies(items)).toEqual(Array.from({ length: 5 }, () => lines).flat());
  });

  it('shows what was committed, never what was rolled back, and says what an open transaction holds back', async () => {
    const topic = await newTopic();
    const transactional = async (id: string) => {
      const producer = kafka.producer({
        transactionalId: `${topic}-${id}`,
        maxInFlightRequests: 1,
        idempotent: true,
      });
      await producer.connect();
      return { producer, transaction: await producer.transaction() };
    };
    const one = await transactional('one');
    const two = await transactional('two');
    await one.transaction.send({ topic, messages: [{ value: 'rolled back 1' }] });
    await two.transaction.send({ topic, messages: [{ value: 'committed 1' }] });
    await one.transaction.send({ topic, messages: [{ value: 'rolled back 2' }] });
    await one.transaction.abort();
    await two.transaction.commit();
    const again = await one.producer.transaction();
    await again.send({ topic, messages: [{ value: 'committed 2' }] });
    await again.commit();
    const held = await two.producer.transaction();
    await held.send({ topic, messages: [{ value: 'held' }] });
    await send(topic, [{ value: 'behind' }]);

    const reading = follow(await open(), { channels: [topic] });
    const alerts = await eventually(
      'the open transaction is told',
      () => alertsOf(reading.items),
      (list) => list.length > 0,
    );
    expect(alerts[0]?.message).toMatch(
      new RegExp(`^Open transaction on ${topic}/0: 2 records after offset \\d+ are not`),
    );
    expect(bodies(reading.items)).toEqual(['committed 1', 'committed 2']);
    await held.commit();
    await eventually('the rest is seen', () => messagesOf(reading.items).length === 4);
    await eventually('the checkpoint is past the markers', async () => {
      const [end] = await admin.fetchTopicOffsets(topic);
      return checkpointsOf(reading.items)[0]?.next === end?.high;
    });
    const items = await reading.end();
    expect(bodies(items)).toEqual(['committed 1', 'committed 2', 'held', 'behind']);
    expect(alertsOf(items).at(-1)?.message).toBe(`The transaction on ${topic}/0 ended.`);
    await Promise.all([one.producer.disconnect(), two.producer.disconnect()]);
  });

  it('takes in topics and partitions that appear, and goes on when a topic is deleted', async () => {
    const [stays, goes] = [await newTopic(), await newTopic()];
    await send(stays, [{ value: 'a' }]);
    await send(goes, [{ value: 'b' }]);
    const reading = follow(await open(), { from: 'latest' });
    await eventually('it reads', () => reading.items.some((item) => item.kind === 'topology'));
    const appeared = await newTopic();
    await send(appeared, [{ value: 'c' }]);
    await eventually('the new topic is read from its start', () => bodies(reading.items).includes('c'));
    await admin.deleteTopics({ topics: [goes] });
    await eventually('the deletion is told', () =>
      alertsOf(reading.items).some(({ message }) => message.startsWith(`The topic ${goes} was deleted`)),
    );
    await admin.createPartitions({ topicPartitions: [{ topic: stays, count: 3 }] });
    await eventually('the new partitions are told', () =>
      alertsOf(reading.items).some(({ message }) => message.includes(`${stays} has 2 new partitions`)),
    );
    const values = Array.from({ length: 3 }, (_, partition) => ({ value: `p${partition}`, partition }));
    await eventually('each can be written', () => send(stays, values).then(() => true));
    await eventually('each is read', () =>
      values.every(({ value }) => bodies(reading.items).includes(value)),
    );
    expect(reading.error()).toBeUndefined();
  });

  it('says that a chosen topic does not exist, creates nothing, and reads it once it does', async () => {
    const topic = `later-${randomBytes(4).toString('hex')}`;
    const reading = follow(await open(), { channels: [topic] });
    await eventually('it is told', () =>
      alertsOf(reading.items).some((a) => a.message.includes(`${topic} does not exist`)),
    );
    expect(await admin.listTopics()).not.toContain(topic);
    await create(topic);
    await send(topic, [{ value: 'x' }]);
    await eventually('it is read', () => bodies(reading.items).includes('x'));
  });

  it('tells what retention removed as a gap, and goes on from what is left', async () => {
    const topic = await newTopic();
    await send(topic, numbered(0, 50));
    await eventually('records are removed', async () => {
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '30' }] });
      return true;
    });
    const source = await open();
    const channel = { system: 'kafka', cluster: 'default', name: topic, kind: 'topic' } as const;
    const resume = [{ kind: 'checkpoint', channel, partition: 0, next: '10' }] as const;
    const reading = follow(source, { channels: [topic], resume });
    await eventually('the rest is read', () => messagesOf(reading.items).length === 20);
    const items = await reading.end();
    expect(items.find((item) => item.kind === 'coverage' && item.state === 'gap')).toMatchObject({
      partition: 0,
      fromOffset: '10',
      toOffset: '30',
      count: 20,
      reason: 'removed by retention',
    });
    expect(bodies(items)[0]).toBe('v30');
  });

  it('loses and doubles nothing when the broker restarts in the middle', async () => {
    const topic = await newTopic(4);
    const all: SourceItem[] = [];
    const stop = new AbortController();
    const producing = (async () => {
      // What a failed attempt may have written counts like anything else: places are compared, not values.
      for (let at = 0; !stop.signal.aborted; at += 50)
        await send(topic, numbered(at, at + 50)).catch(() => undefined);
    })();
    const errors: ConnectionError[] = [];
    const reading = (async () => {
      while (!stop.signal.aborted) {
        try {
          const source = await open();
          const request = {
            channels: [topic],
            from: 'earliest',
            resume: checkpointsOf(all),
            signal: stop.signal,
          } as const;
          for await (const batch of source.read(request)) all.push(...batch);
        } catch (thrown) {
          errors.push(thrown as ConnectionError);
        }
      }
    })();
    await eventually('some are read', () => messagesOf(all).length > 200);
    await broker.restart();
    const before = messagesOf(all).length;
    await eventually('more are read', () => messagesOf(all).length > before + 200);
    stop.abort();
    await Promise.all([producing, reading]);
    const total = (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
    const rest = follow(await open(), { channels: [topic], resume: checkpointsOf(all) });
    await eventually(
      'the rest is read',
      () => messagesOf(all).length + messagesOf(rest.items).length >= total,
    );
    all.push(...(await rest.end()));
    expect([messagesOf(all).length, new Set(places(all)).size]).toEqual([total, total]);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatchObject({ name: 'ConnectionError', retryable: true });
    expect(errors[0]).toMatchObject({ code: 'lost' });
  });

  it('notices a broker that is there and answers no more', async (context) => {
    const { pid } = broker;
    if (broker.via !== 'native' || pid === undefined)
      return context.skip('needs a broker that can be frozen');
    const topic = await newTopic();
    const reading = follow(await open(), { channels: [topic] });
    await eventually('it reads', () => reading.items.some((item) => item.kind === 'topology'));
    process.kill(pid, 'SIGSTOP');
    try {
      await reading.ended;
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(reading.error()).toMatchObject({ code: 'lost', retryable: true });
  });

  it('tells who consumes, how far behind, and what was acknowledged when', async () => {
    const topic = await newTopic(2);
    const group = `payments-${topic}`;
    await send(
      topic,
      numbered(0, 40).map((message, i) => ({ ...message, partition: i % 2 })),
    );
    await admin.setOffsets({
      groupId: group,
      topic,
      partitions: [
        { partition: 0, offset: '5' },
        { partition: 1, offset: '20' },
      ],
    });
    const reading = follow(await open(), { channels: [topic] });
    const range = (partition: number, fromOffset: string, toOffset: string) =>
      expect.objectContaining({
        subject: expect.objectContaining({ partition, fromOffset, toOffset }) as unknown,
        consumer: group,
        status: 'acknowledged',
        evidence: 'offset-commit',
      }) as unknown;
    await eventually('the first commits are told', () => deliveriesOf(reading.items).length >= 2);
    expect(deliveriesOf(reading.items)).toEqual(
      expect.arrayContaining([range(0, '0', '5'), range(1, '0', '20')]),
    );
    expect(deliveriesOf(reading.items).every(({ after }) => after === undefined)).toBe(true);
    expect(reading.items.find((item) => item.kind === 'topology')).toMatchObject({
      subscriptions: [{ consumer: group, lag: 15, detail: 'Empty, 0 members' }],
    });

    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '12' }] });
    const grown = await eventually('the growth is told', () =>
      deliveriesOf(reading.items).find(({ after }) => after !== undefined),
    );
    expect(grown).toEqual(range(0, '5', '12'));
    expect(grown?.before).toBeGreaterThanOrEqual(grown?.after ?? Infinity);

    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '3' }] });
    await eventually('the rewind is told', () =>
      alertsOf(reading.items).some(
        ({ message }) => message === `Group ${group} was rewound from 12 to 3 on ${topic}/0.`,
      ),
    );

    const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ autoCommitInterval: 200, eachMessage: async () => undefined });
    await eventually('it is shown at work, caught up', () =>
      reading.items.some(
        (item) =>
          item.kind === 'topology' &&
          item.subscriptions.some(
            (s) => s.consumer === group && s.lag === 0 && s.detail === 'Stable, 1 member',
          ),
      ),
    );
    await consumer.disconnect();
    await reading.end();
    await forget(group);
  });

  describe('looking back', () => {
    const lookBack = async (
      source: Source,
      topic: string,
      value: string,
      times: { from?: number; to?: number } = {},
    ) => {
      const found: SourceItem[] = [];
      const notes = new Set<string>();
      const signal = new AbortController().signal;
      for await (const batch of source.lookBack?.({ channels: [topic], value, signal, ...times }) ?? [])
        for (const item of batch)
          if (item.kind === 'progress') notes.add(item.note ?? '');
          else found.push(item);
      return {
        found,
        notes: [...notes].join('\n'),
        gaps: found.filter((i) => i.kind === 'coverage' && i.state === 'gap'),
      };
    };

    it('finds a key in the one partition that it hashes to, and says what was left out', async () => {
      const topic = await newTopic(4);
      await send(topic, numbered(0, 2_000));
      await send(topic, [{ key: 'k77', value: '{"again":true}' }]);
      const { found, notes, gaps } = await lookBack(await open(), topic, 'k77');
      expect(bodies(found)).toEqual(['v77', '{"again":true}']);
      expect(notes).toMatch(
        /partition \d only: \d+ sampled keys all lie where the default partitioner puts them/,
      );
      expect(gaps).toHaveLength(3);
      expect(JSON.stringify(gaps[0])).toContain('not searched');
    });

    it('finds a value that is no key in all partitions, as a whole word, within the time', async () => {
      const topic = await newTopic(3);
      const base = Date.now() - 600_000;
      const orders = Array.from({ length: 300 }, (_, i) => ({
        key: `account-${i % 30}`,
        value: JSON.stringify({ orderId: 1_234 + (i % 3) * 10, n: i }),
        timestamp: String(base + i * 1_000),
      }));
      await send(topic, orders);
      await send(topic, [{ key: 'account-1', value: '{"orderId":12345}' }]);
      const all = await lookBack(await open(), topic, '1234');
      expect(sorted(bodies(all.found))).toEqual(
        sorted(orders.filter((_, i) => i % 3 === 0).map(({ value }) => value)),
      );
      expect(all.gaps).toEqual([]);
      const some = await lookBack(await open(), topic, '1234', { from: base + 100_000, to: base + 130_000 });
      expect(bodies(some.found)).toHaveLength(10);
    });

    it('searches all partitions where keys lie otherwise', async () => {
      const topic = await newTopic(3);
      await send(
        topic,
        numbered(0, 300).map((message, i) => ({ ...message, partition: i % 3 })),
      );
      const { found, gaps } = await lookBack(await open(), topic, 'k31');
      expect([bodies(found), gaps]).toEqual([['v31'], []]);
    });

    it('stops when told to', async () => {
      const topic = await newTopic(2);
      await send(topic, numbered(0, 20_000));
      const source = await open();
      const stop = new AbortController();
      stop.abort();
      const batches = [];
      for await (const batch of source.lookBack?.({ channels: [topic], value: 'v1', signal: stop.signal }) ??
        [])
        batches.push(batch);
      expect(batches.flat().filter(({ kind }) => kind === 'message')).toEqual([]);
    });
  });

  describe('security', () => {
    const secured = (): NonNullable<KafkaBroker['security']> => {
      if (!broker.security) throw new Error('started without security');
      return broker.security;
    };
    const canRead = async (url: string, secret?: string): Promise<void> => {
      const topic = await newTopic();
      await send(topic, [{ value: 'x' }]);
      const reading = follow(await open(url, secret), { channels: [topic] });
      await eventually('it is read', () => bodies(reading.items).includes('x'));
      await reading.end();
    };
    const problem = async (url: string, secret?: string): Promise<ConnectionError> => {
      try {
        await open(url, secret);
      } catch (thrown) {
        expect(String(thrown)).not.toContain(secret ?? 'no secret');
        return thrown as ConnectionError;
      }
      throw new Error('it connected');
    };

    it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
      'reads with %s, with and without TLS',
      async (mechanism) => {
        const { username, password, saslPlaintext, saslSsl, caFile } = secured();
        await canRead(`kafka://${username}@${saslPlaintext}?mechanism=${mechanism}`, password);
        await canRead(`kafka+ssl://${username}@${saslSsl}?mechanism=${mechanism}&ca=${caFile}`, password);
        const wrong = await problem(
          `kafka://${username}@${saslPlaintext}?mechanism=${mechanism}`,
          'wr0ng-pass',
        );
        expect(wrong).toMatchObject({ code: 'authentication', retryable: false });
        expect(wrong.message).toContain(saslPlaintext);
      },
    );

    it('reads by TLS alone, and says what to do about a certificate that is not trusted', async () => {
      const { ssl, caFile } = secured();
      await canRead(`kafka+ssl://${ssl}?ca=${caFile}`);
      await canRead(`kafka+ssl://${ssl}?insecure=true`);
      const untrusted = await problem(`kafka+ssl://${ssl}`);
      expect(untrusted).toMatchObject({ code: 'tls', retryable: false });
      expect(untrusted.remedy).toContain('?ca=');
      expect(await problem(`kafka+ssl://${ssl}?ca=/nowhere.pem`)).toMatchObject({ code: 'invalid-options' });
    });

    it('says that a listener wants TLS, or none, or a user, or none', async () => {
      const { ssl, saslPlaintext } = secured();
      const plainToTls = await problem(`kafka://${ssl}`);
      expect(plainToTls.code).toBe('wrong-protocol');
      expect(plainToTls.remedy).toContain('kafka+ssl://');
      const tlsToPlain = await problem(`kafka+ssl://${broker.bootstrap}`);
      expect(tlsToPlain.code).toMatch(/tls|wrong-protocol/);
      expect(tlsToPlain.remedy).toContain('kafka://');
      const nobody = await problem(`kafka://${saslPlaintext}`);
      expect(nobody).toMatchObject({ code: 'authentication' });
      expect(nobody.message).toContain('scram-sha-512');
      expect(await problem(`kafka://ann@${broker.bootstrap}`, 'x')).toMatchObject({ code: 'authentication' });
    });
  });

  it('says that the advertised address cannot be reached, and names it', async () => {
    const [host = '', port = ''] = broker.bootstrap.split(':');
    const real = Buffer.concat([Buffer.from(host), int32(Number(port))]);
    const unreachable = Buffer.concat([Buffer.from(host), int32(1)]);
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const upstream = connect(Number(port), host);
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
      client.pipe(upstream);
      upstream.on('data', (data) => {
        const at = data.indexOf(real);
        if (at >= 0) unreachable.copy(data, at);
        client.write(data);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const forward = typeof address === 'object' && address ? address.port : 0;
    const failed = await open(`kafka://127.0.0.1:${forward}`).then(
      () => undefined,
      (thrown: unknown) => thrown as ConnectionError,
    );
    expect(failed).toMatchObject({
      code: 'unreachable',
      remedy: expect.stringContaining('advertised.listeners') as string,
    });
    expect(failed?.message).toContain(`${host}:1`);
  });

  it('lets its process end when it is closed, without a warning', async () => {
    const topic = await newTopic(4);
    await send(topic, numbered(0, 100));
    const script = `
      import { kafkaConnector } from ${JSON.stringify(join(import.meta.dirname, '../../app/connectors/kafka/index.ts'))};
      const signal = new AbortController().signal;
      const journal = { record: async () => {}, done: async () => {} };
      const config = { connection: 'c', url: ${JSON.stringify(broker.url)}, cluster: 'default', journal, now: Date.now };
      const source = await kafkaConnector.open(config, signal);
      let read = 0;
      for await (const batch of source.read({ channels: ['${topic}'], from: 'earliest', resume: [], signal })) {
        read += batch.filter((item) => item.kind === 'message').length;
        if (read >= 100) break;
      }
      await source.close();
      await source.close();
      console.log('read', read);`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 30_000,
    });
    expect([stdout.trim(), stderr]).toEqual(['read 100', '']);
  });

  it('left no group behind', async () => {
    const left = (await groupIds()).filter((group) => !groupsBefore.includes(group));
    expect(left).toEqual([]);
  });
});

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
