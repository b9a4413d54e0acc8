import type { Coverage } from '../../model/delivery.ts';
import type { Alert, Checkpoint, SourceItem } from '../../model/source.ts';
import { PartitionDecoder, type RecordSink } from './decode-partition.ts';
import type { Fetched } from './fetch-loop.ts';
import { dueMark, type Reading } from './reading.ts';

/** Messages of one batch that is yielded. */
const batchSize = 250;

/** Turns what was fetched into batches: messages, then where their partition stands, then what was covered. */
export function* unpackFetched(parts: readonly Fetched[], now: () => number): Generator<SourceItem[]> {
  let batch: SourceItem[] = [];
  for (const { reading, from, data } of parts) {
    const decoder = new PartitionDecoder(data, reading.channel, from, now());
    const sink: RecordSink = {
      message: (message) => {
        batch.push(message);
        reading.firstTime ??= message.time;
        reading.lastTime = message.time;
      },
      unreadable: ({ from: first, to, reason }) =>
        batch.push(...unreadable(reading, first, to, reason, now())),
    };
    for (let more = true; more;) {
      more = decoder.read(batchSize - batch.length, sink);
      if (decoder.next > reading.handed) {
        reading.handed = decoder.next;
        batch.push(checkpoint(reading));
      }
      const mark = dueMark(reading, now());
      if (mark) batch.push(mark);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function checkpoint({ channel, partition, handed }: Reading): Checkpoint {
  return { kind: 'checkpoint', channel, partition, next: String(handed) };
}

function unreadable(
  { channel, topic, partition }: Reading,
  from: number,
  to: number,
  reason: string,
  now: number,
) {
  const what = `Offsets ${from} to ${to - 1} of ${topic}/${partition} could not be read: ${reason}.`;
  const alert: Alert = { kind: 'alert', severity: 'error', message: what, channel, time: now };
  const gap: Coverage = {
    kind: 'coverage',
    channel,
    partition,
    state: 'gap',
    fromOffset: String(from),
    toOffset: String(to),
    count: to - from,
    reason: `could not be read: ${reason}`,
  };
  return [alert, gap];
}
