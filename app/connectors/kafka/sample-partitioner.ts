import type { Cluster } from './cluster.ts';
import { defaultPartition } from './murmur2.ts';
import { scanRanges, type Range } from './scan.ts';

/** What samples say about how a topic's keys are spread. */
export interface PartitionerSample {
  /** Every sampled key lies where the default partitioner would put it, and there were enough of them. */
  readonly applies: boolean;
  readonly keys: number;
}

/** Records looked at from each end of each partition's range. */
const perEnd = 50;
const enoughKeys = 10;

/**
 * Looks at keyed records at both ends of the ranges: a topic that was given more partitions since has its older keys
 * elsewhere. `ranges` are all partitions of one topic.
 */
export async function samplePartitioner(
  cluster: Cluster,
  ranges: readonly Range[],
  now: () => number,
  signal: AbortSignal,
): Promise<PartitionerSample> {
  const keys = new Map<string, number>();
  let misplaced = 0;
  const samples = ranges.flatMap((range) => {
    const { start, end } = range;
    const firstEnd = Math.min(end, start + perEnd);
    const lastStart = Math.max(firstEnd, end - perEnd);
    return [
      { ...range, next: start, end: firstEnd },
      { ...range, start: lastStart, next: lastStart, end },
    ];
  });
  const worth = (): boolean => true;
  const wants = ({
    key,
    position,
  }: {
    key?: string | Uint8Array;
    position?: { partition?: number };
  }): boolean => {
    if (key === undefined || key.length === 0) return false;
    const bytes = typeof key === 'string' ? Buffer.from(key) : key;
    const partition = position?.partition ?? -1;
    if (defaultPartition(bytes, ranges.length) !== partition) misplaced++;
    keys.set(Buffer.from(bytes).toString('latin1'), partition);
    return false;
  };
  // Both ends one after the other: a partition can be asked for only once in a request.
  for (const part of [0, 1]) {
    const some = samples.filter((_, index) => index % 2 === part);
    for await (const _ of scanRanges(cluster, some, { worth, wants }, now, signal)) if (misplaced > 0) break;
  }
  return { applies: misplaced === 0 && keys.size >= enoughKeys, keys: keys.size };
}
