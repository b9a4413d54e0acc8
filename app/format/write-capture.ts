import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { createEditRenamer } from './renamed-edits.ts';
import { createSummary } from './capture-summary.ts';
import { deliveryTable } from './delivery-rows.ts';
import { captureVersion, manifestName } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { eventTable } from './message-rows.ts';
import { openParquet } from './parquet.ts';
import type { Parquet, Row, Table } from './parquet.ts';
import { deliveryRows, eventRows } from './stored-rows.ts';

/** What a capture is made from. */
export type Recording = Pick<
  TraceStore,
  | 'exportEventsAfter'
  | 'exportDeliveriesAfter'
  | 'coverage'
  | 'topologies'
  | 'keyEdits'
  | 'linkEdits'
  | 'listTraces'
  | 'state'
>;

export interface WriteOptions {
  /** Ends the writing with its reason; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Told now and then how many events were written, of about so many. */
  readonly onProgress?: (written: number, total: number) => void;
  /** Applied to all that is written, so that what must not leave does not. */
  readonly mask?: { event(event: Event): Event; delivery(delivery: Delivery): Delivery };
}

/** Events between two words on how far it is. */
const progressEvery = 1_000;
/** Trace summaries in the manifest: what a list shows before the data is loaded. */
const tracesInManifest = 1_000;

/**
 * Writes everything recorded into a capture file: a ZIP of stored entries, the manifest first. Works in a folder beside
 * the file and puts the file in place at the end, so that a crash leaves an older file as it was. Holds no connection
 * URLs and no secrets. What is recorded meanwhile is left out.
 */
export async function writeCapture(
  recording: Recording,
  path: string,
  { signal, onProgress, mask }: WriteOptions = {},
): Promise<{ events: number; deliveries: number }> {
  // In this order: the file must not claim to cover, or to have traces of, events that are not in it.
  const coverage = await recording.coverage();
  const { rows: traces, total } = await recording.listTraces({ now: Date.now() }, tracesInManifest, 0);
  const topologies = [...(await recording.topologies())];
  const edits = createEditRenamer(await recording.linkEdits());
  const { nextSeq, events: recorded } = await recording.state();
  const dir = makeTemporaryDir(join(dirname(path), `.${basename(path)}-`));
  const parquet = await openParquet();
  const summary = createSummary(traces);
  const seen = (event: Event): Event => {
    signal?.throwIfAborted();
    const written = mask?.event(event) ?? event;
    summary.see(written);
    edits.see(event, written);
    if (summary.events % progressEvery === 0)
      onProgress?.(summary.events, Math.max(recorded, summary.events));
    return written;
  };
  const handed = (delivery: Delivery): Delivery => {
    signal?.throwIfAborted();
    return mask?.delivery(delivery) ?? delivery;
  };
  try {
    onProgress?.(0, recorded);
    const events = await writeTable(parquet, eventTable, eventRows(recording, nextSeq, seen), dir);
    const deliveries = await writeTable(parquet, deliveryTable, deliveryRows(recording, handed), dir);
    const files = [...events.files, ...deliveries.files];
    const manifest = {
      format: 'headwater-capture',
      version: captureVersion,
      created: new Date().toISOString(),
      counts: { events: events.rows, deliveries: deliveries.rows, traces: total },
      time: summary.time(),
      masked: mask !== undefined,
      files: files.map(({ name, table, rows }) => ({ name, table, rows })),
      coverage,
      topologies: topologies.map(([connection, topology]) => ({ connection, topology })),
      keyEdits: (await recording.keyEdits()).filter(({ action }) => action !== 'undo'),
      linkEdits: edits.list(),
      traces: mask ? summary.traces() : traces,
    };
    const zipped = join(dir, 'capture.zip');
    await writeZip(zipped, JSON.stringify(manifest), files, signal);
    await rename(zipped, path);
    onProgress?.(events.rows, events.rows);
    return { events: events.rows, deliveries: deliveries.rows };
  } finally {
    parquet.close();
    await removeTemporaryDir(dir);
  }
}

type WrittenFile = Manifest['files'][number] & { readonly path: string };

async function writeTable(
  parquet: Parquet,
  table: Table,
  pages: AsyncIterable<readonly Row[]>,
  dir: string,
): Promise<{ files: WrittenFile[]; rows: number }> {
  const files: WrittenFile[] = [];
  for await (const { path, rows } of parquet.write(table, pages, dir)) {
    files.push({ name: basename(path), table: table.name as 'events' | 'deliveries', rows, path });
  }
  return { files, rows: files.reduce((sum, file) => sum + file.rows, 0) };
}

async function writeZip(
  path: string,
  manifest: string,
  files: readonly { readonly name: string; readonly path: string }[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(manifest), manifestName, { compress: false });
  for (const file of files) zip.addFile(file.path, file.name, { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }), { signal });
}
