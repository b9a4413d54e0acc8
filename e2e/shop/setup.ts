import amqp from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { QUEUE_BINDINGS, shopNames } from './names.ts';
import type { BrokerUrls } from './options.ts';

/** The groups that read the stream of shipments. */
const SHIPMENT_GROUPS = ['dispatch', 'notifications', 'storefront'] as const;

/** Creates the shop's topics, exchanges, queues and stream groups. What is there already stays as it is. */
export async function setUpShop(brokers: BrokerUrls, prefix: string): Promise<void> {
  await Promise.all([
    setUpKafka(brokers.kafka, prefix),
    setUpRabbitmq(brokers.rabbitmq, prefix),
    setUpRedis(brokers.redis, prefix),
  ]);
}

async function setUpKafka(bootstrap: string, prefix: string): Promise<void> {
  const { topics } = shopNames(prefix);
  const admin = new Kafka({
    brokers: bootstrap.split(','),
    clientId: 'shop-setup',
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        { topic: topics.orders, numPartitions: 4, replicationFactor: 1 },
        { topic: topics.inventory, numPartitions: 3, replicationFactor: 1 },
        { topic: topics.ledger, numPartitions: 3, replicationFactor: 1 },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}

async function setUpRabbitmq(url: string, prefix: string): Promise<void> {
  const { exchanges, queues } = shopNames(prefix);
  const connection = await amqp.connect(url);
  try {
    const channel = await connection.createChannel();
    await channel.assertExchange(exchanges.payments, 'topic', { durable: true });
    await channel.assertExchange(exchanges.deadLetters, 'fanout', { durable: true });
    await channel.assertQueue(queues.dead, { durable: true });
    await channel.bindQueue(queues.dead, exchanges.deadLetters, '');
    for (const [queue, routingKey] of QUEUE_BINDINGS) {
      await channel.assertQueue(queues[queue], { durable: true, deadLetterExchange: exchanges.deadLetters });
      await channel.bindQueue(queues[queue], exchanges.payments, routingKey);
    }
  } finally {
    await connection.close();
  }
}

async function setUpRedis(url: string, prefix: string): Promise<void> {
  const names = shopNames(prefix);
  const redis = new Redis(url);
  try {
    for (const group of SHIPMENT_GROUPS) {
      await redis
        .xgroup('CREATE', names.streams.shipments, names.group(group), '0', 'MKSTREAM')
        .catch((thrown: unknown) => {
          if (!String(thrown).includes('BUSYGROUP')) throw thrown;
        });
    }
  } finally {
    redis.disconnect();
  }
}
