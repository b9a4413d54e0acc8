import type { Coverage } from '../../model/delivery.ts';
import type { Alert, SourceItem } from '../../model/source.ts';
import { partitionKey, type Cluster } from './cluster.ts';
import { kafkaError } from './errors.ts';
import { fetchOnce } from './fetch-request.ts';
import type { FetchedPartition } from './fetch-response.ts';
import { watchTransaction, type Reading } from './reading.ts';
import { scanBatches } from './record-batch.ts';

/** What one fetch brought of a partition, and from which offset it was asked. */
export interface Fetched {
  readonly reading: Reading;
  readonly from: number;
  readonly data: FetchedPartition;
}

/** How the loop hands on what it finds. The promises resolve once the reader took it, which is what paces the loop. */
export interface FetchSink {
  fetched(parts: readonly Fetched[]): Promise<void>;
  items(items: readonly SourceItem[]): Promise<void>;
  /** The partition goes on from another offset; `items` say why. */
  jumped(reading: Reading, to: number, items: readonly SourceItem[]): Promise<void>;
  /** A partition is no longer led here, or gone: the leaders should be asked for. */
  stale(): void;
  /** A partition that will not be read any more. */
  refuse(reading: Reading): void;
  now(): number;
}

/** How long a broker may wait for something new, ms; it answers at once when there is. */
const maxWaitMs = 500;

/**
 * Reads the partitions that one broker leads, as long as `mine` names any. One response is fetched ahead.
 * @throws ConnectionError when the broker is lost.
 */
export async function fetchLoop(
  cluster: Cluster,
  node: number,
  mine: () => readonly Reading[],
  sink: FetchSink,
  signal: AbortSignal,
): Promise<void> {
  const link = await cluster.link(node);
  let taken: Promise<void> = Promise.resolve();
  for (let round = 0; !signal.aborted; round++) {
    const readings = mine();
    if (readings.length === 0) break;
    const asked = new Map(readings.map((reading) => [partitionKey(reading), reading]));
    const response = await fetchOnce(link, readings, round, maxWaitMs);
    const parts: Fetched[] = [];
    for (const data of response.partitions) {
      const reading = asked.get(partitionKey(data));
      if (!reading) continue;
      if (data.errorCode !== kafkaError.none) {
        await partitionError(cluster, reading, data.errorCode, sink);
        continue;
      }
      const from = reading.next;
      const { next, wanted } = scanBatches(data.records, from);
      reading.maxBytes = Math.max(reading.maxBytes, wanted ?? 0);
      reading.next = next;
      reading.atEnd = next >= data.lastStableOffset;
      if (next > from) parts.push({ reading, from, data });
      const alert = watchTransaction(reading, data, sink.now());
      if (alert) void sink.items([alert]);
    }
    if (parts.length === 0) continue;
    await taken;
    taken = sink.fetched(parts);
  }
  await taken;
}

async function partitionError(
  cluster: Cluster,
  reading: Reading,
  errorCode: number,
  sink: FetchSink,
): Promise<void> {
  if (errorCode === kafkaError.offsetOutOfRange) return outOfRange(cluster, reading, sink);
  reading.paused = true;
  if (errorCode !== kafkaError.topicAuthorization) return sink.stale();
  sink.refuse(reading);
  await sink.items([
    {
      kind: 'alert',
      severity: 'error',
      message: `The user may not read ${reading.topic}: grant READ on this topic. It is not recorded.`,
      channel: reading.channel,
      time: sink.now(),
    },
  ]);
}

/** What was to be read next is not there: retention removed it, or the topic was made anew. Goes on from the earliest. */
async function outOfRange(cluster: Cluster, reading: Reading, sink: FetchSink): Promise<void> {
  const [earliest, latest] = await Promise.all([
    cluster.offsets('earliest', [reading], true),
    cluster.offsets('latest', [reading], false),
  ]);
  const start = earliest.get(partitionKey(reading));
  const end = latest.get(partitionKey(reading));
  if (start === undefined || end === undefined) {
    reading.paused = true;
    return sink.stale();
  }
  const wanted = reading.next;
  if (wanted >= start && wanted <= end) return;
  reading.next = start;
  const { channel, partition } = reading;
  const now = sink.now();
  const name = `${reading.topic}/${partition}`;
  const message =
    wanted < start
      ? `${start - wanted} records of ${name} (offsets ${wanted} to ${start - 1}) were removed by retention before they were read.`
      : `${name} ends at offset ${end}, before the position ${wanted} reached earlier: the topic was made anew or lost records. It is read from its start.`;
  const alert: Alert = {
    kind: 'alert',
    id: `lost ${name}`,
    severity: 'warning',
    message,
    channel,
    time: now,
  };
  const gap: Coverage = {
    kind: 'coverage',
    channel,
    partition,
    state: 'gap',
    fromOffset: String(wanted),
    toOffset: String(start),
    to: now,
    count: start - wanted,
    reason: 'removed by retention',
  };
  await sink.jumped(reading, start, wanted < start ? [gap, alert] : [alert]);
}
