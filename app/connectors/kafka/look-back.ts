import type { Coverage } from '../../model/delivery.ts';
import type { Channel, RawMessage } from '../../model/message.ts';
import type { Alert, LookBackRequest, Progress } from '../../model/source.ts';
import { partitionKey, type Cluster } from './cluster.ts';
import { createValueFinder } from './find-value.ts';
import { defaultPartition } from './murmur2.ts';
import { samplePartitioner } from './sample-partitioner.ts';
import { scanRanges, type Range, type ScanFilter } from './scan.ts';

export interface LookBackContext {
  /** Connections of its own: a scan must not stand in line behind live reading. */
  readonly cluster: Cluster;
  readonly channelOf: (topic: string) => Channel;
  readonly now: () => number;
}

type Found = RawMessage | Progress | Coverage | Alert;

/** How often progress is told, ms. */
const progressEveryMs = 250;
/** Producers' clocks differ: this much beyond the end of the time range is looked through too, ms. */
const slackMs = 60_000;

/**
 * Scans the past for a value. Where a topic's keys lie as the default partitioner puts them, the partition that the
 * value hashes to comes first; if the value is the key of a record there, the topic's other partitions are left out,
 * and coverage says so.
 */
export async function* lookBack(
  request: LookBackRequest,
  context: LookBackContext,
): AsyncGenerator<readonly Found[]> {
  const { signal } = request;
  if (request.value === '') return;
  const ranges = await plan(request, context);
  const uncommitted = request.to === undefined ? await openTransactions(ranges, context) : [];
  if (uncommitted.length > 0) yield uncommitted;
  for (const group of Map.groupBy(ranges, ({ topic }) => topic).values()) {
    if (signal.aborted) return;
    yield* lookThroughTopic(group, request, context);
  }
}

async function plan(
  { channels, from, to }: LookBackRequest,
  { cluster, channelOf }: LookBackContext,
): Promise<Range[]> {
  const known =
    channels !== 'all' && channels.length === 0
      ? []
      : await cluster.topics(channels === 'all' ? [] : channels);
  const names = known
    .filter(({ internal }) => channels !== 'all' || !internal)
    .flatMap(({ name, partitions }) => partitions.map(({ id }) => ({ topic: name, partition: id })));
  const [starts, ends] = await Promise.all([
    cluster.offsets(from ?? 'earliest', names, true),
    cluster.offsets(to === undefined ? 'latest' : to + slackMs, names, true),
  ]);
  return names.flatMap((name) => {
    const start = starts.get(partitionKey(name));
    const end = ends.get(partitionKey(name));
    if (start === undefined || end === undefined) return [];
    return [{ ...name, channel: channelOf(name.topic), start, end, next: start }];
  });
}

/** What lies behind a transaction that is still open cannot be searched. */
async function openTransactions(
  ranges: readonly Range[],
  { cluster }: LookBackContext,
): Promise<readonly Coverage[]> {
  const written = await cluster.offsets('latest', ranges, false);
  return ranges.flatMap((range) => {
    const end = written.get(partitionKey(range)) ?? range.end;
    return end > range.end
      ? [mark(range, 'gap', range.end, end, 'not committed yet (open transaction)')]
      : [];
  });
}

async function* lookThroughTopic(
  ranges: readonly Range[],
  request: LookBackRequest,
  { cluster, now }: LookBackContext,
): AsyncGenerator<readonly Found[]> {
  const { value, from = -Infinity, to = Infinity, signal } = request;
  const finder = createValueFinder(value);
  const home = defaultPartition(Buffer.from(value), ranges.length);
  const filter: ScanFilter = {
    worth: (records) => finder.mayHold(records),
    wants: (message) => message.time >= from && message.time <= to && finder.holds(message),
  };
  const matched = new Map<Range, number>();
  const noted = new Map<Range, string>();
  let isKey = false;
  let toldAt = 0;

  const progress = (range: Range): Progress => ({
    kind: 'progress',
    channel: range.channel,
    partition: range.partition,
    scanned: range.next - range.start,
    total: range.end - range.start,
    matched: matched.get(range) ?? 0,
    note: noted.get(range),
  });
  const covered = (range: Range): Coverage => ({
    ...mark(range, 'read', range.start, range.next),
    from: request.from,
    to: request.to,
  });

  async function* scan(some: readonly Range[]): AsyncGenerator<readonly Found[]> {
    for await (const steps of scanRanges(cluster, some, filter, now, signal)) {
      const found: Found[] = [];
      for (const { range, messages, unreadable } of steps) {
        for (const message of messages) {
          found.push(message);
          isKey ||= message.key === value;
        }
        matched.set(range, (matched.get(range) ?? 0) + messages.length);
        for (const gap of unreadable) found.push(mark(range, 'gap', gap.from, gap.to, gap.reason));
      }
      if (now() - toldAt >= progressEveryMs) {
        toldAt = now();
        found.push(...some.map(progress));
      }
      if (found.length > 0) yield found;
    }
    yield [...some.map(progress), ...some.map(covered)];
  }

  const first = ranges.find(({ partition }) => partition === home);
  const rest = ranges.filter((range) => range !== first);
  const sampled =
    rest.length > 0 && first ? await samplePartitioner(cluster, ranges, now, signal) : undefined;
  if (!first || !sampled?.applies) {
    yield* scan(ranges);
    return;
  }
  const why = `${sampled.keys} sampled keys all lie where the default partitioner puts them`;
  noted.set(first, `partition ${home} first: ${why}`);
  yield* scan([first]);
  if (signal.aborted) return;
  if (!isKey) {
    yield* scan(rest);
    return;
  }
  noted.set(first, `partition ${home} only: ${why}, and ${value} is a key in it`);
  const reason = `not searched: ${value} is a key, and ${why}, which for this one is partition ${home}`;
  yield [progress(first), ...rest.map((range) => mark(range, 'gap', range.start, range.end, reason))];
}

function mark(range: Range, state: Coverage['state'], from: number, to: number, reason?: string): Coverage {
  return {
    kind: 'coverage',
    channel: range.channel,
    partition: range.partition,
    state,
    fromOffset: String(from),
    toOffset: String(to),
    count: state === 'gap' ? to - from : undefined,
    reason,
  };
}
