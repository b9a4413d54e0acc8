import { chmodSync, mkdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyEdits } from '../model/key-edit.ts';
import { createLinkEdits } from '../model/link-edit.ts';
import { FileInUse } from './attach.ts';
import { createDatabase } from './database.ts';
import { createDeliveryDigest } from './delivery-digest.ts';
import { openDerived } from './derived.ts';
import { openEditFile } from './edit-file.ts';
import { createLedger } from './ledger.ts';
import { inUse, lockFolder } from './lock.ts';
import type { PackedWrites } from './packing-store.ts';
import { createReads } from './reads.ts';
import type { SourceStats } from './segment.ts';
import { openSegments } from './segments.ts';
import type { StoreState, TraceStore } from './trace-store.ts';
import { createWrites } from './writes.ts';

export interface TraceStoreOptions {
  /** The store's folder; made where it is not there, for its owner only. */
  readonly dir: string;
  /** Beyond this many bytes on disk the oldest segments are dropped, whole. Without it nothing is. */
  readonly sizeCapBytes?: number;
  /** Events a segment, about. */
  readonly segmentEvents?: number;
}

/**
 * Opens the embedded store: one DuckDB instance, one file for each segment of events and one for what is derived from
 * them. This thread is its only opener.
 * @throws StoreInUse where another process, or another thread of this one, has it open.
 */
export async function openTraceStore(options: TraceStoreOptions): Promise<TraceStore & PackedWrites> {
  const { dir, sizeCapBytes = Infinity, segmentEvents = 500_000 } = options;
  // At once: a temporary folder that goes with a process that is ended just now must not be made again behind it.
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const unlock = await lockFolder(dir);
  const db = await createDatabase(join(dir, 'scratch'));
  try {
    const warnings: string[] = [];
    const warn = (warning: string) => {
      if (!warnings.includes(warning)) warnings.push(warning);
    };
    let lost = false;
    const keyEdits = await openEditFile({
      ...{ dir, name: 'key-edits.json', what: 'Your choice of keys', warn },
      edits: createKeyEdits(),
    });
    const linkEdits = await openEditFile({
      ...{ dir, name: 'link-edits.json', what: 'Your changes to links', warn },
      edits: createLinkEdits(),
    });
    const ledger = createLedger();
    const segments = await openSegments({
      db,
      dir,
      ledger,
      segmentEvents,
      warn,
      lost: () => {
        lost = true;
      },
    });
    const derived = await openDerived(db, dir, warn);
    const stored = segments.list.reduce((max, segment) => Math.max(max, segment.max), 0);
    // Numbers are never given twice, also not those of events that were lost with a log.
    let nextSeq = Math.max(stored, derived.watermark) + 1;
    let settled = nextSeq - 1;
    // Traces of events that are gone would show what cannot be opened; they are worked out again.
    if (lost || derived.watermark > stored) await derived.reset();

    const digest = createDeliveryDigest(db, segments.list);
    const writes = createWrites({
      db,
      segments,
      derived,
      ledger,
      sizeCapBytes,
      size: () => folderBytes(dir),
      warn,
      onStored: (seq) => {
        nextSeq = Math.max(nextSeq, seq + 1);
      },
      onDeliveries: digest.take,
      onSettled: (seq) => {
        settled = Math.max(settled, seq);
      },
    });
    await writes.retain();

    return {
      ...createReads({ db, segments, derived, digest, ledger, settled: () => settled }),
      append: writes.append,
      applyTraces: writes.applyTraces,
      appendPacked: writes.appendPacked,
      applyPacked: writes.applyPacked,
      putTopology: writes.putTopology,
      putKeyEdits: keyEdits.put,
      keyEdits: async () => keyEdits.list(),
      rewriteFacts: writes.rewriteFacts,
      forgetTraces: writes.forgetTraces,
      putLinkEdits: linkEdits.put,
      linkEdits: async () => linkEdits.list(),
      async state(): Promise<StoreState> {
        return {
          nextSeq,
          watermark: derived.watermark,
          events: segments.list.reduce((sum, segment) => sum + segment.events, 0),
          ...timesOf(segments.list.flatMap(({ stats }) => stats)),
          bytes: await folderBytes(dir),
          segments: segments.list.length,
          warnings: [...warnings],
        };
      },
      async close() {
        await writes.idle();
        await keyEdits.idle();
        await linkEdits.idle();
        await segments.close();
        await derived.close();
        await db.quiet();
        db.close();
        await unlock();
      },
    };
  } catch (error) {
    db.close();
    await unlock();
    throw error instanceof FileInUse ? inUse(dir) : error;
  }
}

function timesOf(stats: readonly SourceStats[]): Pick<StoreState, 'first' | 'last'> {
  const first = stats.reduce((min, each) => Math.min(min, each.first), Infinity);
  const last = stats.reduce((max, each) => Math.max(max, each.last), -Infinity);
  return last < first ? {} : { first, last };
}

/** Bytes of the store's files, logs included. A file that goes meanwhile counts nothing. */
async function folderBytes(dir: string): Promise<number> {
  const sizes = (await readdir(dir)).map((name) =>
    stat(join(dir, name)).then(
      (file) => (file.isFile() ? file.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
