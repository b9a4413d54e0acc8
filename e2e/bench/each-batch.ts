/**
 * The baseline, in a process of its own: a bare kafkajs `eachBatch` over the topic that does nothing, or only parses.
 * Prints one JSON line: how long it took from connecting to the last message.
 */
import { Kafka, logLevel } from 'kafkajs';
import { topic } from './orders-topic.ts';

const [bootstrap = '', expected = '0', mode = 'nothing'] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `bench-${process.pid}`, allowAutoTopicCreation: false });
const started = performance.now();
let seen = 0;
let parsed = 0;
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  eachBatch: ({ batch }) => {
    if (mode === 'parse') {
      for (const { value } of batch.messages) if (JSON.parse(value?.toString() ?? 'null') !== null) parsed++;
    }
    seen += batch.messages.length;
    if (seen >= Number(expected)) {
      process.stdout.write(`${JSON.stringify({ ms: performance.now() - started, seen, parsed })}\n`, () => {
        process.exit(0);
      });
    }
    return Promise.resolve();
  },
});
