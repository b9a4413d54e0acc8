import type { DuckDBAppender } from '@duckdb/node-api';
import { hashText } from '../base/hash.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import type { Writer } from './database.ts';
import { appendEvent } from './append-event.ts';
import { sourceKey, type EventSource } from './event-row.ts';
import { openLargePayloads } from './large-payloads.ts';
import type { LedgerRow, LedgerTable } from './ledger.ts';
import { offsetRank } from './offset-rank.ts';
import { ledgerTables, type Segment } from './segment.ts';
import { appendSource } from './sources.ts';
import type { PackedEvents } from './packed-events.ts';
import type { PackedBatch } from './packing-store.ts';

export interface SegmentWriter {
  /**
   * Stores the batches in one transaction. After a failure nothing of them is stored, and the writer and what is held of
   * the segment in memory are to be thrown away.
   */
  write(batches: readonly PackedBatch[]): Promise<void>;
  writeTopology(row: LedgerRow): Promise<void>;
  /** Ends writing; the segment may then be sealed. Safe to call after a failure. */
  close(): void;
}

const tables = ['event', 'source', 'key_run', 'delivery', ...ledgerTables] as const;

export async function createSegmentWriter(
  writer: Writer,
  segment: Segment,
  lastDelivery: number,
): Promise<SegmentWriter> {
  const rows = {} as Record<(typeof tables)[number], DuckDBAppender>;
  for (const table of tables) rows[table] = await writer.appender(table, segment.alias);
  const sourceIds = new Map<string, number>();
  segment.sources.forEach((source, id) => {
    const { connection, channel, clock, format } = source;
    sourceIds.set(sourceKey({ connection, channel, clock, payload: { format }, facts: source }), id);
  });
  const payloads = openLargePayloads(segment.path);
  let delivered = lastDelivery;

  function sourceId(source: EventSource): number {
    const key = sourceKey({ ...source, payload: source, facts: source });
    const known = sourceIds.get(key);
    if (known !== undefined) return known;
    const id = segment.sources.length;
    segment.sources.push(source);
    segment.stats.push({ events: 0, first: Infinity, last: -Infinity });
    sourceIds.set(key, id);
    appendSource(rows.source, id, source);
    return id;
  }

  function appendLedger(table: LedgerTable, [connection, body]: LedgerRow): void {
    rows[table].appendVarchar(connection);
    rows[table].appendVarchar(body);
    rows[table].endRow();
  }

  function appendEvents(events: PackedEvents): void {
    if (events.count === 0) return;
    const ids = events.sources.map(sourceId);
    let at = 0;
    const pairs = new Float64Array(events.hashes.length * 2);
    for (let i = 0; i < events.count; i++) {
      const source = ids[events.source[i]!]!;
      const seq = events.seq[i]!;
      const time = events.time[i]!;
      appendEvent(rows.event, events, i, source, payloads);
      for (const end = at + events.hashCount[i]!; at < end; at++) {
        pairs[at * 2] = events.hashes[at]!;
        pairs[at * 2 + 1] = seq;
        segment.index?.add(events.hashes[at]!, seq);
      }
      const stats = segment.stats[source]!;
      stats.events++;
      stats.first = Math.min(stats.first, time);
      stats.last = Math.max(stats.last, time);
      segment.min = Math.min(segment.min, seq);
      segment.max = Math.max(segment.max, seq);
    }
    segment.events += events.count;
    // One row for all keys of a batch: a row for each would cost more than the events themselves.
    rows.key_run.appendBlob(new Uint8Array(pairs.buffer));
    rows.key_run.endRow();
  }

  const flush = () => {
    for (const table of tables) rows[table].flushSync();
  };

  return {
    async write(batches) {
      await writer.transaction(() => {
        for (const batch of batches) {
          appendEvents(batch.events);
          for (const delivery of batch.deliveries) {
            appendDelivery(rows.delivery, ++delivered, batch.connection, delivery);
          }
          for (const c of batch.coverage) appendLedger('coverage', [batch.connection, JSON.stringify(c)]);
          for (const c of batch.checkpoints)
            appendLedger('checkpoint', [batch.connection, JSON.stringify(c)]);
        }
        payloads.sync();
        flush();
      });
      segment.lastDelivery = delivered;
    },
    writeTopology: (row) =>
      writer.transaction(() => {
        appendLedger('topology', row);
        flush();
      }),
    close() {
      payloads.close();
      for (const table of tables) {
        try {
          rows[table].clear();
          rows[table].closeSync();
        } catch {
          // The file refuses after a failure of its own; there is nothing in the appender to lose.
        }
      }
    },
  };
}

/** How deliveries name a channel. */
export function channelText({ system, cluster, name }: Channel): string {
  return `${system}/${cluster}/${name}`;
}

function appendDelivery(rows: DuckDBAppender, no: number, connection: string, delivery: Delivery): void {
  const { subject } = delivery;
  rows.appendDouble(no);
  rows.appendVarchar(connection);
  if ('event' in subject) {
    rows.appendDouble(hashText(subject.event));
    for (let i = 0; i < 4; i++) rows.appendNull();
  } else {
    rows.appendNull();
    rows.appendVarchar(channelText(subject.channel));
    if (subject.partition === undefined) rows.appendNull();
    else rows.appendDouble(subject.partition);
    rows.appendVarchar(offsetRank(subject.fromOffset));
    rows.appendVarchar(offsetRank(subject.toOffset));
  }
  rows.appendVarchar(JSON.stringify(delivery));
  rows.endRow();
}
