import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { defaultPartition, murmur2 } from './murmur2.ts';

it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %s as Kafka’s own clients do', (key, hash) => {
  expect(murmur2(Buffer.from(key))).toBe(hash);
});

it('chooses the partition that kafkajs chooses, for any key', () => {
  const partitioner = Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 50 }),
      (bytes, count) => {
        const key = Buffer.from(bytes);
        const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
          partitionId,
          leader: 1,
          partitionErrorCode: 0,
          replicas: [],
          isr: [],
        }));
        const chosen = partitioner({ topic: 't', partitionMetadata, message: { key, value: null } });
        expect(defaultPartition(key, count)).toBe(chosen);
      },
    ),
  );
});
