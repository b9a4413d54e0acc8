import { readdir, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Topology } from '../model/delivery.ts';
import { attachFile } from './attach.ts';
import type { Database, Writer } from './database.ts';
import { keyPath } from './key-file.ts';
import { largePath } from './large-payloads.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import {
  copyLedger,
  createSegment,
  ledgerTables,
  loadSegment,
  openKeys,
  sealSegment,
  type Segment,
} from './segment.ts';
import type { PackedBatch } from './packing-store.ts';
import { rewriteFacts } from './rewrite-facts.ts';
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts';
import type { FactsUpdate } from './trace-store.ts';

/** All segments of a store, oldest first; the last one grows. One writer at a time calls the methods that write. */
export interface Segments {
  readonly list: readonly Segment[];
  write(batches: readonly PackedBatch[]): Promise<void>;
  writeTopology(connection: string, topology: Topology): Promise<void>;
  /** Gives events other facts; `finishRewriting` has to follow. */
  rewriteFacts(updates: readonly FactsUpdate[]): Promise<void>;
  /** Makes what was rewritten as easy to find as everything else. */
  finishRewriting(): Promise<void>;
  /** Drops the oldest segment and its file. The one that grows is never dropped. */
  dropOldest(): Promise<void>;
  /** Waits for sealing that goes on behind, then writes everything into the files. */
  close(): Promise<void>;
}

export interface SegmentsOptions {
  readonly db: Database;
  readonly dir: string;
  readonly ledger: Ledger;
  readonly segmentEvents: number;
  /** Something could not be opened, or sealed behind the scenes. */
  readonly warn: (warning: string) => void;
  /** A file was set aside: events are missing, so what was derived from them is wrong. */
  readonly lost: () => void;
}

/** What may be written between checkpoints of the segment that grows: bounds its log, and the memory that unwritten rows hold. */
const checkpointEvery = { rows: 122_880, bytes: 96_000_000 };

/** For writing rows into a file: how much that takes depends on their sizes, and failing at it is worse than taking it. */
const wholeMemory = totalmem();

const fileName = /^events-(\d{6,})\.duckdb$/;

export async function openSegments(options: SegmentsOptions): Promise<Segments> {
  const { db, dir, ledger, segmentEvents, warn } = options;
  const main = await db.writer();
  const sealer = await db.writer();
  const list = await attachAll(options, main);
  await restoreLedger(db, ledger, list);

  let sealing = Promise.resolve();
  let growing: { segment: Segment; writer: SegmentWriter } | undefined;
  let unwritten = { rows: 0, bytes: 0 };
  /** Sealed, and with a file of keys that is older than their facts. */
  const withoutKeys = new Set<Segment>();
  const lastDelivery = () => list.reduce((last, segment) => Math.max(last, segment.lastDelivery), 0);

  async function grow(segment: Segment): Promise<void> {
    growing = { segment, writer: await createSegmentWriter(main, segment, lastDelivery()) };
    unwritten = { rows: 0, bytes: 0 };
  }

  async function addSegment(): Promise<void> {
    const number = (list.at(-1)?.number ?? 0) + 1;
    const path = join(dir, `events-${String(number).padStart(6, '0')}.duckdb`);
    const segment = await createSegment(main, path, `seg_${number}`, number, ledger);
    list.push(segment);
    await grow(segment);
  }

  function seal(segment: Segment): void {
    sealing = sealing
      .then(() => db.withRoom(wholeMemory, () => sealSegment(sealer, segment)))
      .catch((error: unknown) =>
        warn(`Sorting ${segment.path} failed; it stays readable. (${String(error)})`),
      );
  }

  /** After a failure, what is on disk is the truth: the file is opened anew, and what is held of it in memory is read again. */
  async function reopen(): Promise<void> {
    const { segment: broken, writer } = growing!;
    writer.close();
    await db.quiet();
    const { path, alias, number } = broken;
    await main.run(`DETACH ${alias}`);
    const { attached, setAside } = await attachFile(main, path, alias);
    if (setAside !== undefined) warn(setAside);
    const segment = attached ? await loadSegment(db, path, alias, number) : undefined;
    if (!segment) throw new Error(`${path} can no longer be read. ${setAside ?? ''}`);
    list[list.indexOf(broken)] = segment;
    await grow(segment);
  }

  /** Room is made before a write, so that a failure to make it is not a failure of what was written already. */
  async function makeRoom(): Promise<SegmentWriter> {
    const { segment, writer } = growing!;
    if (segment.events >= segmentEvents) {
      // One sealing behind at most: else memory would grow with what waits for it.
      await sealing;
      writer.close();
      await addSegment();
      seal(segment);
    } else if (unwritten.rows >= checkpointEvery.rows || unwritten.bytes >= checkpointEvery.bytes) {
      await checkpoint(segment);
      unwritten = { rows: 0, bytes: 0 };
    }
    return growing!.writer;
  }

  async function writeRows(
    rows: number,
    bytes: number,
    work: (writer: SegmentWriter) => Promise<void>,
  ): Promise<void> {
    try {
      const writer = await makeRoom();
      await db.withRoom(bytes, () => work(writer));
    } catch (error) {
      await reopen();
      throw error;
    }
    unwritten = { rows: unwritten.rows + rows, bytes: unwritten.bytes + bytes };
  }

  /** Ledger rows that were overtaken go, and what is in the log is written into the file. */
  async function checkpoint({ alias }: Segment): Promise<void> {
    await main.transaction(async () => {
      for (const table of ledgerTables) await copyLedger(main, alias, table, ledger);
    });
    await db.withRoom(wholeMemory, () => main.run(`CHECKPOINT ${alias}`));
  }

  const last = list.at(-1);
  if (last?.index && last.events < segmentEvents) await grow(last);
  else await addSegment();
  // What a crash kept from being sealed; waited for, so that paging through keys meets one order.
  for (const segment of list) if (segment !== growing!.segment && segment.index) seal(segment);
  await sealing;

  return {
    list,
    async write(batches) {
      const rows = batches.reduce(
        (sum, { events, deliveries, coverage, checkpoints }) =>
          sum + events.count + deliveries.length + coverage.length + checkpoints.length,
        0,
      );
      await writeRows(
        rows,
        batches.reduce((sum, { events }) => sum + events.bytes, 0),
        (writer) => writer.write(batches),
      );
      for (const batch of batches) {
        for (const mark of batch.coverage) ledger.coverage(batch.connection, mark);
        for (const reached of batch.checkpoints) ledger.checkpoint(batch.connection, reached);
      }
    },
    async writeTopology(connection, topology) {
      await writeRows(1, 0, (writer) => writer.writeTopology([connection, JSON.stringify(topology)]));
      ledger.topology(connection, topology);
    },
    async rewriteFacts(updates) {
      await sealing;
      // Ranges of neighbours may overlap a little: whose an event is, its row tells.
      for (const segment of list) {
        const own = updates.filter(({ seq }) => seq >= segment.min && seq <= segment.max);
        if (own.length === 0) continue;
        await db.withRoom(wholeMemory, async () => {
          await rewriteFacts(db, main, segment, own);
          await main.run(`CHECKPOINT ${segment.alias}`);
        });
        if (!segment.index) withoutKeys.add(segment);
      }
    },
    async finishRewriting() {
      for (const segment of withoutKeys) {
        const before = segment.keys;
        await openKeys(db, segment);
        await before?.close();
        withoutKeys.delete(segment);
      }
    },
    async dropOldest() {
      const oldest = list[0];
      if (!oldest || oldest === growing!.segment) return;
      await sealing;
      withoutKeys.delete(oldest);
      list.shift();
      await db.quiet();
      await main.run(`DETACH ${oldest.alias}`);
      await oldest.keys?.close();
      const { path: own } = oldest;
      for (const path of [own, `${own}.wal`, largePath(own), keyPath(own)]) {
        await rm(path, { force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
    async close() {
      await sealing;
      growing!.writer.close();
      await checkpoint(growing!.segment);
      await db.quiet();
      for (const { keys } of list) await keys?.close();
      main.close();
      sealer.close();
    },
  };
}

async function attachAll({ db, dir, warn, lost }: SegmentsOptions, main: Writer): Promise<Segment[]> {
  const names = (await readdir(dir))
    .filter((name) => fileName.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
  const list: Segment[] = [];
  for (const name of names) {
    const number = numberOf(name);
    const alias = `seg_${number}`;
    const path = join(dir, name);
    const { attached, setAside } = await attachFile(main, path, alias);
    if (setAside !== undefined) {
      warn(setAside);
      lost();
    }
    if (!attached) continue;
    const segment = await loadSegment(db, path, alias, number);
    if (segment) {
      list.push(segment);
    } else {
      // A crash while it was made: it holds nothing.
      await main.run(`DETACH ${alias}`);
      await rm(path, { force: true });
      await rm(`${path}.wal`, { force: true });
    }
  }
  return list;
}

function numberOf(name: string): number {
  return Number(fileName.exec(name)?.[1]);
}

/** The newest segment began with the whole ledger and has what came since. */
async function restoreLedger(db: Database, ledger: Ledger, list: readonly Segment[]): Promise<void> {
  const newest = list.at(-1);
  if (!newest) return;
  for (const table of ledgerTables) {
    const rows = await db.read(`SELECT connection, body FROM ${newest.alias}.${table} ORDER BY rowid`);
    for (const row of rows) ledger.restore(table, row as unknown as LedgerRow);
  }
}
