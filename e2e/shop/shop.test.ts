import { rmSync } from 'node:fs';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, test, vi } from 'vitest';
import type { BrokersInfo } from '../brokers/info.ts';
import { parseFault } from './faults.ts';
import { shopNames } from './names.ts';
import { runShop } from './shop.ts';
import { readTruth, type Truth } from './truth.ts';

const brokers: BrokersInfo = inject('brokers');
const { kafka, rabbitmq, redis } = brokers;
const ready = kafka !== undefined && rabbitmq !== undefined && redis !== undefined;
const urls = { kafka: kafka?.bootstrap ?? '', rabbitmq: rabbitmq?.amqpUrl ?? '', redis: redis?.url ?? '' };

/** What a complete order consists of. */
const EVENTS_OF_AN_ORDER = [
  'FraudChecked',
  'InventoryReserved',
  'MoneyDeposited',
  'MoneyWithdrawn',
  'NotificationSent',
  'NotificationSent',
  'OrderCompleted',
  'OrderPlaced',
  'PaymentAuthorized',
  'PaymentRequested',
  'PickListCreated',
  'ShipmentCreated',
  'ShipmentDispatched',
];

test.skipIf(!ready)(
  'each order completes across the three brokers, and the logs name all that is there',
  async () => {
    const prefix = `shop-test-${Date.now()}.`;
    const run = await runShop({ brokers: urls, rate: 20, orders: 20, seed: prefix, prefix });
    const summary = await run.done;
    const truth = readTruth(run.logDir);

    expect(summary).toMatchObject({ placed: 20, completed: 20, incomplete: [] });
    expect(truth.orders.size).toBe(20);
    for (const events of truth.orders.values()) expect(typesOf(truth, events)).toEqual(EVENTS_OF_AN_ORDER);
    expect(
      truth.events
        .filter(({ orderIds }) => orderIds)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['ShipmentManifest', 'ShipmentManifest', 'StockReconciled']);
    expect(await onTheBrokers(prefix)).toEqual({
      kafka: count(truth, ({ system }) => system === 'kafka'),
      streams: count(truth, ({ streamId }) => streamId !== undefined),
      deadLetters: 0,
    });
    rmSync(run.logDir, { recursive: true });
  },
  60_000,
);

test.skipIf(!ready)(
  'faults strike the orders that they are told to, and only those',
  async () => {
    const prefix = `shop-faults-${Date.now()}.`;
    const faults = ['payment-stuck:order=2', 'poison:order=4', 'lost-publish:order=6'].map(parseFault);
    const run = await runShop({ brokers: urls, rate: 20, orders: 8, seed: prefix, prefix, faults });
    const summary = await run.done;
    const order = (index: number): string => String(run.firstOrder + index - 1);

    expect(summary.incomplete).toEqual([order(2), order(4), order(6)]);
    expect((await onTheBrokers(prefix)).deadLetters).toBe(1);
    expect(
      readTruth(run.logDir)
        .faults.map(({ fault, orderId }) => `${fault} ${orderId}`)
        .sort(),
    ).toEqual([`lost-publish ${order(6)}`, `payment-stuck ${order(2)}`, `poison ${order(4)}`]);
    rmSync(run.logDir, { recursive: true });
  },
  60_000,
);

test.skipIf(!ready)(
  'a transaction that a fault left open is aborted when the shop ends, and holds up nobody afterwards',
  async () => {
    const prefix = `shop-open-${Date.now()}.`;
    const faults = [parseFault('open-transaction:order=2')];
    const run = await runShop({
      brokers: urls,
      rate: 20,
      orders: 4,
      seed: prefix,
      prefix,
      faults,
      patienceMs: 1,
    });
    await vi.waitFor(() => expect(readTruth(run.logDir).faults).toHaveLength(1), 20_000);
    await run.stop();

    const topic = shopNames(prefix).topics.ledger;
    const kafkaClient = new Kafka({ brokers: [urls.kafka], logLevel: logLevel.NOTHING });
    const producer = kafkaClient.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'acc-merchant', value: 'afterwards' }] });
    await producer.disconnect();
    const consumer = kafkaClient.consumer({ groupId: `${prefix}afterwards` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const seen = Promise.withResolvers<void>();
    await consumer.run({
      eachMessage({ message }) {
        if (message.value?.toString() === 'afterwards') seen.resolve();
        return Promise.resolve();
      },
    });
    await seen.promise;
    await consumer.disconnect();
    rmSync(run.logDir, { recursive: true });
  },
  40_000,
);

function typesOf(truth: Truth, ids: readonly string[]): string[] {
  return ids.map((id) => truth.events.find((event) => event.id === id)?.type ?? '').sort();
}

function count(truth: Truth, counts: (event: Truth['events'][number]) => boolean): number {
  return truth.events.filter(counts).length;
}

/** How much the brokers hold of one run, asked of them rather than of the logs. */
async function onTheBrokers(
  prefix: string,
): Promise<{ kafka: number; streams: number; deadLetters: number }> {
  const names = shopNames(prefix);
  const admin = new Kafka({ brokers: [urls.kafka], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const ends = await Promise.all(Object.values(names.topics).map((topic) => admin.fetchTopicOffsets(topic)));
  await admin.disconnect();
  const connection = await amqp.connect(urls.rabbitmq);
  const channel = await connection.createChannel();
  const dead = await channel.checkQueue(names.queues.dead);
  await connection.close();
  const client = new Redis(urls.redis);
  const streams = await client.xlen(names.streams.shipments);
  client.disconnect();
  return {
    kafka: ends.flat().reduce((sum, { high }) => sum + Number(high), 0),
    streams,
    deadLetters: dead.messageCount,
  };
}
