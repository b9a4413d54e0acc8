import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { temporaryHeadwater } from './support/temporary.ts';

const megabytes = 1024 * 1024;
const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
const large = JSON.stringify({ orderId: 'ord-large-1', blob: 'x'.repeat(5 * megabytes) });
const binary = randomBytes(300);
binary[0] = 0xff;
const brokenByte = Buffer.from('{"orderId":"ord-byte-1","note":"caf?"}');
brokenByte[brokenByte.indexOf('?')] = 0xe9;

/** Payloads that break naive tools, and what each is. */
const odd: readonly (readonly [name: string, body: Buffer | null, format: string])[] = [
  ['not JSON', Buffer.from('order 17 was <b>lost</b>'), 'text'],
  ['broken JSON', Buffer.from('{"orderId":'), 'text'],
  ['empty', Buffer.alloc(0), 'empty'],
  ['binary', binary, 'binary'],
  ['JSON with a byte that is no UTF-8', brokenByte, 'binary'],
  ['5 MB', Buffer.from(large), 'json'],
  ['10,000 deep', Buffer.from(deep), 'json'],
  [
    'proto',
    Buffer.from('{"__proto__":{"orderId":"evil"},"constructor":{"x":1},"orderId":"ord-proto-1"}'),
    'json',
  ],
];
const headers = {
  '<img src=x onerror=alert(1)>': '<script>alert(2)</script>',
  __proto__x: 'y',
  'x-type': 'Odd',
};
const protoHeaders = Object.defineProperty({ ...headers }, '__proto__', { value: 'z', enumerable: true });

describeWith(['kafka', 'rabbitmq', 'redis'], 'payloads that nobody expects', (brokers) => {
  it('are stored whole and shown for what they are, on each broker', async () => {
    const suffix = randomBytes(4).toString('hex');
    const { client } = await temporaryHeadwater();
    const topic = `odd-${suffix}`;
    const kafka = new Kafka({ brokers: [brokers().kafka.bootstrap], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        {
          topic,
          numPartitions: 1,
          configEntries: [{ name: 'max.message.bytes', value: String(16 * megabytes) }],
        },
      ],
    });
    const amqp = await connect(brokers().rabbitmq.amqpUrl);
    const channel = await amqp.createChannel();
    await channel.assertExchange(topic, 'topic', { autoDelete: true });
    const redis = new Redis(brokers().redis.url);

    for (const [name, url, channels] of [
      ['kafka', brokers().kafka.url, [topic]],
      ['rabbitmq', brokers().rabbitmq.url, [topic]],
      ['redis', brokers().redis.url, 'all'],
    ] as const) {
      await client.connections.add({
        name,
        url,
        channels: channels === 'all' ? 'all' : [...channels],
        from: 'earliest',
      });
    }
    await eventually(
      'all are live',
      () => client.connections.list(),
      (all) => all.every((c) => c.phase === 'live'),
    );

    try {
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      for (const [name, value] of [...odd, ['tombstone', null] as const]) {
        await producer.send({ topic, messages: [{ key: `<i>${name}</i>`, value, headers: protoHeaders }] });
      }
      await producer.disconnect();
      for (const [name, body] of odd) {
        channel.publish(topic, 'odd', body ?? Buffer.alloc(0), { messageId: name, headers: protoHeaders });
        await redis.xadd(topic, '*', 'name', name, '__proto__', 'z', '<b>', body ?? '');
      }

      const counts = await eventually(
        'every one is recorded',
        () => client.connections.list(),
        (all) => all.every((c) => eventsOn(c, topic) === odd.length + (c.system === 'kafka' ? 1 : 0)),
        { withinMs: 60_000 },
      );
      expect(counts.map((c) => c.phase)).toEqual(['live', 'live', 'live']);

      for (const [i, [name, body, format]] of odd.entries()) {
        for (const id of [`kafka/default/${topic}/0/${i}`, `rabbitmq/default/${topic}/${name}`]) {
          const event = await client.events.get({ id });
          expect({ id, format: event.payload.format, size: event.payload.size }).toEqual({
            id,
            format,
            size: body?.length,
          });
          const { text, length } = await client.events.payload({ id, start: 0, end: 6 * megabytes });
          expect(length).toBe(text.length);
          const encoded = event.payload.encoding === 'base64' ? body?.toString('base64') : body?.toString();
          expect(text === encoded, `${id} is stored whole`).toBe(true);
          expect(event.headers).toContainEqual({
            name: '<img src=x onerror=alert(1)>',
            value: '<script>alert(2)</script>',
            encoding: 'text',
          });
        }
      }
      const fromKafka = await client.events.get({ id: `kafka/default/${topic}/0/0` });
      expect(fromKafka.headers.map((h) => h.name)).toContain('__proto__');
      const tombstone = await client.events.get({ id: `kafka/default/${topic}/0/${odd.length}` });
      expect(tombstone.payload).toMatchObject({ format: 'tombstone', size: 0 });
      for (const id of ['ord-proto-1', 'ord-byte-1']) {
        const { rows } = await client.traces.list({ query: `orderId=${id}`, limit: 10, offset: 0 });
        expect({ id, found: rows.length > 0 }).toEqual({ id, found: true });
      }
    } finally {
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
      await amqp.close();
      await redis.del(topic);
      await redis.quit();
    }
  });
});

function eventsOn(
  connection: { active: readonly { channel: { name: string }; events: number }[] },
  name: string,
): number {
  return connection.active.find((a) => a.channel.name === name)?.events ?? 0;
}
