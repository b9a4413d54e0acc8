import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerConfig } from 'kafkajs';
import { kafkaOf, type KafkaRecord } from '../kit/kafka.ts';
import type { Shop } from '../kit/service.ts';

/** How inventory's reader of orders goes wrong, where a fault is switched on. */
export interface Misbehaviour {
  readonly consumerConfig: Partial<ConsumerConfig> & { readonly concurrency?: number };
  /** Called once the group has been joined. */
  joined(consumer: Consumer): void;
  before(record: KafkaRecord, type: string): Promise<void>;
  after(record: KafkaRecord, type: string): Promise<void>;
}

/** Faults of a group as a whole: a stalled partition, endless rebalances, offsets moved by hand. */
export function misbehaviour(shop: Shop): Misbehaviour {
  let consumer: Consumer | undefined;
  const topic = shop.names.topics.orders;
  const stalled = shop.fault('stalled-partition');
  const looping = shop.fault('rebalance-loop');
  const positions = new Map<number, bigint>();
  let orders = 0;
  let moved = false;

  /** The group's offsets are moved as an operator would, with a tool: the members go on from there. */
  async function moveOffsets(
    offsets: ReadonlyMap<number, bigint>,
    fault: string,
    record: KafkaRecord,
  ): Promise<void> {
    shop.log.fault(fault, record.identity, { type: 'OrderPlaced', orderId: record.key });
    const targets = [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
    await consumer?.commitOffsets(targets);
    for (const target of targets) consumer?.seek(target);
  }

  async function rewind(count: number, record: KafkaRecord): Promise<void> {
    const earlier = new Map(
      [...positions].map(([partition, at]) => [partition, max(0n, at + 1n - BigInt(count))]),
    );
    await moveOffsets(earlier, 'offsets-rewound', record);
  }

  async function skip(ms: number, record: KafkaRecord): Promise<void> {
    consumer?.pause([{ topic }]);
    await sleep(ms);
    const admin = kafkaOf(shop).admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    await moveOffsets(
      new Map(ends.map(({ partition, high }) => [partition, BigInt(high)])),
      'offsets-skipped',
      record,
    );
    consumer?.resume([{ topic }]);
  }

  return {
    consumerConfig: looping
      ? { sessionTimeout: 6000, heartbeatInterval: 1000, rebalanceTimeout: 6000, concurrency: 1 }
      : {},
    joined(joinedConsumer) {
      consumer = joinedConsumer;
      if (stalled) consumer?.pause([{ topic, partitions: [Number(stalled.parameters['partition'])] }]);
    },
    async before(record, type) {
      if (type !== 'OrderPlaced') return;
      const slow = shop.fault('rebalance-loop', record.key);
      if (!slow) return;
      shop.log.fault('rebalance-loop', record.identity, { type, orderId: record.key });
      await sleep(Number(slow.parameters['ms']));
    },
    async after(record, type) {
      positions.set(record.identity.partition ?? 0, BigInt(record.identity.offset ?? 0));
      if (type !== 'OrderPlaced' || moved) return;
      orders += 1;
      const rewound = shop.fault('offsets-rewound');
      const skipped = shop.fault('offsets-skipped');
      const from = Number((rewound ?? skipped)?.parameters['after'] ?? 1) * shop.config.orders;
      if (!(rewound ?? skipped) || orders < from) return;
      moved = true;
      if (rewound) await rewind(Number(rewound.parameters['count']), record);
      // Not awaited: its record must be done with before the partition can be left behind.
      else if (skipped) void skip(Number(skipped.parameters['ms']), record);
    },
  };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
