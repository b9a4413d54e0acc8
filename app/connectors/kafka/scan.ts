import type { Channel, RawMessage } from '../../model/message.ts';
import { partitionKey, type Cluster, type PartitionName } from './cluster.ts';
import { PartitionDecoder, type Unreadable } from './decode-partition.ts';
import { kafkaError } from './errors.ts';
import { fetchOnce } from './fetch-request.ts';
import { Mailbox } from './mailbox.ts';
import { scanBatches } from './record-batch.ts';
import { pause } from './signals.ts';

/** Offsets of one partition to look through; `next` moves on. */
export interface Range extends PartitionName {
  readonly channel: Channel;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  next: number;
}

/** What a step of a scan brought of one partition. */
export interface ScanStep {
  readonly range: Range;
  readonly messages: readonly RawMessage[];
  readonly unreadable: readonly Unreadable[];
}

/** Which records are wanted: batches first by their bytes, then messages. */
export interface ScanFilter {
  worth(records: Buffer): boolean;
  wants(message: RawMessage): boolean;
}

const partitionBytes = 2 * 1024 * 1024;
const maxWaitMs = 100;
/** After an answer that a new leader is needed, ms. */
const staleMs = 250;

/** Looks through the ranges, all brokers at once, each paced by the reader. Ends early when the signal aborts. */
export async function* scanRanges(
  cluster: Cluster,
  ranges: readonly Range[],
  filter: ScanFilter,
  now: () => number,
  signal: AbortSignal,
): AsyncGenerator<readonly ScanStep[]> {
  const mailbox = new Mailbox<readonly ScanStep[]>();
  const left = ranges.filter(({ next, end }) => next < end);
  const byLeader = Map.groupBy(left, (range) => cluster.leader(range) ?? -1);
  const end = (): void => mailbox.end();
  signal.addEventListener('abort', end);
  // Stops the work also when the reader leaves early.
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const work = Promise.all(
    [...byLeader.values()].map((group) => scanGroup(cluster, group, filter, now, mailbox, either)),
  );
  work.then(end, (thrown: unknown) => mailbox.fail(thrown));
  try {
    for (let steps = await mailbox.take(); steps && !signal.aborted; steps = await mailbox.take())
      yield steps;
  } finally {
    signal.removeEventListener('abort', end);
    stop.abort();
    mailbox.close();
    await work.catch(() => undefined);
  }
}

async function scanGroup(
  cluster: Cluster,
  group: readonly Range[],
  filter: ScanFilter,
  now: () => number,
  mailbox: Mailbox<readonly ScanStep[]>,
  signal: AbortSignal,
): Promise<void> {
  const bytes = new Map<string, number>();
  let left = [...group];
  for (let round = 0; left.length > 0 && !signal.aborted; round++) {
    // All were led by one broker when the scan began; should that change, they may now be several.
    const node = left.map((range) => cluster.leader(range) ?? -1).find((leader) => leader >= 0);
    const mine = left.filter((range) => cluster.leader(range) === node);
    if (node === undefined) {
      await pause(staleMs, signal);
      await cluster.topics();
      continue;
    }
    const wanted = mine.map((range) => ({
      ...range,
      maxBytes: bytes.get(partitionKey(range)) ?? partitionBytes,
    }));
    const response = await fetchOnce(await cluster.link(node), wanted, round, maxWaitMs);
    const steps: ScanStep[] = [];
    for (const data of response.partitions) {
      const range = mine.find((one) => one.topic === data.topic && one.partition === data.partition);
      if (!range) continue;
      if (data.errorCode === kafkaError.offsetOutOfRange) {
        steps.push(await afterRetention(cluster, range));
      } else if (
        data.errorCode === kafkaError.unknownTopic ||
        data.errorCode === kafkaError.topicAuthorization
      ) {
        steps.push(abandon(range, data.errorCode));
      } else if (data.errorCode !== kafkaError.none) {
        await pause(staleMs, signal);
        await cluster.topics();
      } else {
        const step = look(range, data, filter, now());
        const { wanted: more } = scanBatches(data.records, range.next);
        if (more !== undefined) bytes.set(partitionKey(range), more);
        // Nothing came of what is below the end: compaction left nothing there.
        else if (data.records.length === 0 && data.lastStableOffset >= range.end) range.next = range.end;
        steps.push(step);
      }
    }
    left = left.filter(({ next, end }) => next < end);
    if (steps.length > 0) await mailbox.put(steps);
  }
}

function look(
  range: Range,
  data: ConstructorParameters<typeof PartitionDecoder>[0],
  filter: ScanFilter,
  now: number,
): ScanStep {
  const messages: RawMessage[] = [];
  const unreadable: Unreadable[] = [];
  const decoder = new PartitionDecoder(data, range.channel, range.next, now);
  decoder.read(Infinity, {
    worth: (records) => filter.worth(records),
    message: (message) => {
      if (Number(message.position?.offset) < range.end && filter.wants(message)) messages.push(message);
    },
    unreadable: (what) => unreadable.push(what),
  });
  range.next = Math.min(Math.max(range.next, decoder.next), range.end);
  return { range, messages, unreadable };
}

async function afterRetention(cluster: Cluster, range: Range): Promise<ScanStep> {
  const earliest = (await cluster.offsets('earliest', [range], true)).get(partitionKey(range)) ?? range.end;
  const from = range.next;
  range.next = Math.min(Math.max(earliest, from), range.end);
  if (range.next === from) return abandon(range, kafkaError.offsetOutOfRange);
  return { range, messages: [], unreadable: [{ from, to: range.next, reason: 'removed by retention' }] };
}

function abandon(range: Range, errorCode: number): ScanStep {
  const from = range.next;
  range.next = range.end;
  const reason =
    errorCode === kafkaError.topicAuthorization ? 'the user may not read this topic' : 'the topic is no more';
  return { range, messages: [], unreadable: [{ from, to: range.end, reason }] };
}
