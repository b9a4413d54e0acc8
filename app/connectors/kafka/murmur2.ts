const m = 0x5bd1e995;

/** The hash by which Kafka's own clients choose a partition for a key: MurmurHash2, 32 bits, signed. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const at = (index: number): number => data[index] ?? 0;
  let h = 0x9747b28c ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  if (i < length) {
    for (let left = length - i - 1; left >= 0; left--) h ^= at(i + left) << (8 * left);
    h = Math.imul(h, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** The partition that the default partitioner of Java's clients and of kafkajs gives to a key. */
export function defaultPartition(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
