import type { PartitionName } from './cluster.ts';
import { decodeFetchResponse, type FetchResponse } from './fetch-response.ts';
import type { Link } from './link.ts';

/** What to fetch of one partition. */
export interface Wanted extends PartitionName {
  readonly next: number;
  /** Bytes at most, but for a first batch that is larger. */
  readonly maxBytes: number;
}

/** Bytes of one response; two or three of them are in memory for each broker. */
const responseBytes = 8 * 1024 * 1024;

/**
 * One fetch from one broker, of committed records only. It answers at once when there is anything, else after
 * `maxWaitMs`. Partitions come first by turns: a response that is full leaves out the last ones.
 */
export async function fetchOnce(
  link: Link,
  wanted: readonly Wanted[],
  round: number,
  maxWaitMs: number,
): Promise<FetchResponse> {
  const first = round % wanted.length;
  const topics: { topic: string; partitions: object[] }[] = [];
  for (const { topic, partition, next, maxBytes } of [...wanted.slice(first), ...wanted.slice(0, first)]) {
    let last = topics.at(-1);
    if (last?.topic !== topic) topics.push((last = { topic, partitions: [] }));
    last.partitions.push({ partition, fetchOffset: next, maxBytes });
  }
  return link.request(
    'Fetch',
    { maxWaitTime: maxWaitMs, minBytes: 1, maxBytes: responseBytes, isolationLevel: 1, topics, rackId: '' },
    decodeFetchResponse,
  );
}
