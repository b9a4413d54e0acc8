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

/** Long enough for the batches in hand to be done with. */
const REWIND_PAUSE_MS = 500;

/** Faults of a group as a whole: a stalled partition, endless rebalances, offsets moved by hand. */
export function misbehaviour(shop: Shop): Misbehaviour {
  let consumer: Consumer | undefined;
  const topic = shop.names.topics.orders;
  const stalled = shop.fault('stalled-partition');
  const looping = shop.fault('rebalance-loop');
  const positions = new Map<number, bigint>();
  let orders = 0;
  let moved = false;

  /** The group's offsets are moved as an operator would: reading stops, they are set, and it goes on from there. */
  async function moveOffsets(
    fault: string,
    pauseMs: number,
    record: KafkaRecord,
    target: (partition: number, end: bigint) => bigint,
  ): Promise<void> {
    consumer?.pause([{ topic }]);
    await sleep(pauseMs);
    const admin = kafkaOf(shop).admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    const offsets = ends.map(({ partition, high }) => {
      return { topic, partition, offset: String(target(partition, BigInt(high))) };
    });
    shop.log.fault(fault, record.identity, { type: 'OrderPlaced', orderId: record.key });
    await consumer?.commitOffsets(offsets);
    for (const offset of offsets) consumer?.seek(offset);
    consumer?.resume([{ topic }]);
  }

  function rewind(count: number, record: KafkaRecord): Promise<void> {
    const earlier = (partition: number): bigint => {
      const at = (positions.get(partition) ?? -1n) + 1n - BigInt(count);
      return at > 0n ? at : 0n;
    };
    return moveOffsets('offsets-rewound', REWIND_PAUSE_MS, record, earlier);
  }

  function skip(ms: number, record: KafkaRecord): Promise<void> {
    return moveOffsets('offsets-skipped', ms, record, (_partition, end) => end);
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
      // Not awaited: what is in hand must be done with before its partition can be moved.
      if (rewound) void rewind(Number(rewound.parameters['count']), record);
      else if (skipped) void skip(Number(skipped.parameters['ms']), record);
    },
  };
}
