import type { Coverage } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import type { Alert } from '../../model/source.ts';
import type { PartitionName } from './cluster.ts';
import type { FetchedPartition } from './fetch-response.ts';

/** Where the reading of one partition stands. */
export interface Reading extends PartitionName {
  readonly channel: Channel;
  /** Offset to fetch next. */
  next: number;
  /** Offset after what was handed to the consumer; behind `next` by what is prefetched. */
  handed: number;
  /** Not fetched until the leaders were asked for again. */
  paused: boolean;
  /** Bytes to ask for; grows when one batch needs more. */
  maxBytes: number;
  /** Whether the last fetch reached the end of what is committed. */
  atEnd: boolean;
  /** Coverage up to here was reported. */
  marked: number;
  /** Epoch ms. */
  markedAt: number;
  /** Times of the first and last record since the last mark, epoch ms. */
  firstTime: number | undefined;
  lastTime: number | undefined;
  /** Since when records wait behind an open transaction, and how many were reported. */
  openSince: number | undefined;
  openReported: number;
}

/** Bytes that a partition may take of one fetch. */
const partitionBytes = 1024 * 1024;

export function newReading(name: PartitionName, channel: Channel, from: number, now: number): Reading {
  return {
    ...name,
    channel,
    next: from,
    handed: from,
    paused: false,
    maxBytes: partitionBytes,
    atEnd: false,
    marked: from,
    markedAt: now,
    firstTime: undefined,
    lastTime: undefined,
    openSince: undefined,
    openReported: 0,
  };
}

/** How often a partition's coverage is reported, ms: while it moves, and while it has nothing new. */
const markEveryMs = 1_000;
const idleMarkEveryMs = 30_000;

/** What was read since the last mark, when one is due. A mark that ends now says: read up to this moment. */
export function dueMark(reading: Reading, now: number, force = false): Coverage | undefined {
  const moved = reading.handed > reading.marked;
  const waited = now - reading.markedAt;
  const idle = reading.atEnd && waited >= idleMarkEveryMs;
  if (!(moved && (force || waited >= markEveryMs)) && !idle) return undefined;
  const upToNow = reading.atEnd && reading.handed === reading.next;
  const mark: Coverage = {
    kind: 'coverage',
    channel: reading.channel,
    partition: reading.partition,
    state: 'read',
    fromOffset: String(reading.marked),
    toOffset: String(reading.handed),
    from: reading.firstTime ?? reading.markedAt,
    to: upToNow ? now : (reading.lastTime ?? now),
  };
  reading.marked = reading.handed;
  reading.markedAt = now;
  reading.firstTime = reading.lastTime = undefined;
  return mark;
}

/** A transaction that holds records back for this long is worth a word, ms. */
const patienceMs = 5_000;

/**
 * Watches for a transaction that stays open: nothing after it can be read until it ends. Says so once, again when much
 * more waits behind it, and when it is over.
 */
export function watchTransaction(
  reading: Reading,
  fetched: FetchedPartition,
  now: number,
): Alert | undefined {
  const held = fetched.highWatermark - fetched.lastStableOffset;
  const name = `${reading.topic}/${reading.partition}`;
  const alert = (severity: Alert['severity'], message: string): Alert => {
    return {
      kind: 'alert',
      id: `transaction ${name}`,
      severity,
      message,
      channel: reading.channel,
      time: now,
    };
  };
  if (held <= 0) {
    const reported = reading.openReported;
    reading.openSince = undefined;
    reading.openReported = 0;
    return reported > 0 ? alert('info', `The transaction on ${name} ended.`) : undefined;
  }
  reading.openSince ??= now;
  if (
    now - reading.openSince < patienceMs ||
    held < 2 * reading.openReported ||
    held === reading.openReported
  )
    return undefined;
  reading.openReported = held;
  const since = fetched.lastStableOffset;
  return alert(
    'warning',
    `Open transaction on ${name}: ${held} records after offset ${since} are not yet committed.`,
  );
}
