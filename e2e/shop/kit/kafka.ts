import { setTimeout as sleep } from 'node:timers/promises';
import {
  Kafka,
  logLevel,
  Partitioners,
  type Consumer,
  type ConsumerConfig,
  type IHeaders,
  type Producer,
} from 'kafkajs';
import type { Identity } from './identity.ts';
import type { Subject } from './log.ts';
import type { Shop } from './service.ts';

/** A record as a handler gets it. */
export interface KafkaRecord {
  readonly identity: Identity;
  readonly key: string;
  readonly headers: IHeaders;
  readonly value: string;
}

/** Sends one record, and logs where it went. */
export type SendRecord = (
  record: {
    readonly topic: string;
    readonly key: string;
    readonly headers?: IHeaders;
    readonly value: unknown;
  },
  subject: Subject,
  causedBy?: readonly Identity[],
) => Promise<Identity>;

/** A service's own connection to Kafka. */
export function kafkaOf(shop: Shop): Kafka {
  return new Kafka({
    clientId: shop.name,
    brokers: shop.config.brokers.kafka.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 2000 },
  });
}

/** A connected producer. */
export async function kafkaSender(shop: Shop, kafka = kafkaOf(shop)): Promise<SendRecord> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  shop.onStop(() => producer.disconnect());
  return (record, subject, causedBy) => sendRecord(shop, producer, record, subject, causedBy);
}

/** Sends with a given producer or open transaction. */
export async function sendRecord(
  shop: Shop,
  producer: Pick<Producer, 'send'>,
  record: Parameters<SendRecord>[0],
  subject: Subject,
  causedBy?: readonly Identity[],
): Promise<Identity> {
  const { topic, key, headers = {}, value } = record;
  const [sent] = await producer.send({ topic, messages: [{ key, headers, value: JSON.stringify(value) }] });
  if (!sent) throw new Error(`Kafka did not say where in ${topic} a record went.`);
  const identity: Identity = {
    system: 'kafka',
    channel: topic,
    partition: sent.partition,
    offset: sent.baseOffset,
  };
  shop.log.sent(identity, subject, causedBy);
  return identity;
}

/** Reads a topic as a member of a group; resolves once the group has been joined. */
export async function consumeTopic(
  shop: Shop,
  topic: string,
  group: string,
  handle: (record: KafkaRecord) => Promise<void>,
  options: Partial<ConsumerConfig> & { readonly concurrency?: number } = {},
): Promise<Consumer> {
  const { concurrency = 4, ...config } = options;
  const consumer = kafkaOf(shop).consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
    ...config,
  });
  const joined = new Promise<void>(
    (resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()),
  );
  await consumer.connect();
  shop.onStop(() => Promise.race([consumer.disconnect(), sleep(3000)]));
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: concurrency,
    eachMessage: ({ partition, message }) =>
      handle({
        identity: { system: 'kafka', channel: topic, partition, offset: message.offset },
        key: message.key?.toString() ?? '',
        headers: message.headers ?? {},
        value: message.value?.toString() ?? '',
      }),
  });
  await joined;
  return consumer;
}
