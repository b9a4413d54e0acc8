import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { TraceSummary } from '../model/trace.ts';
import { deliveryRow, deliveryTable } from './delivery-rows.ts';
import { captureVersion, manifestName } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { eventRow, eventTable } from './message-rows.ts';
import { openParquet } from './parquet.ts';
import type { Parquet, Row, Table } from './parquet.ts';

/** What a capture is made from; a trace store is one. */
export interface Recording {
  exportEvents(): AsyncIterable<readonly Event[]>;
  exportDeliveries(): AsyncIterable<readonly Delivery[]>;
  coverage(): Promise<readonly { readonly connection: string; readonly coverage: Coverage }[]>;
  topologies(): Promise<ReadonlyMap<string, Topology>>;
  listTraces(
    filter: { readonly now: number },
    limit: number,
    offset: number,
  ): Promise<{ readonly rows: readonly TraceSummary[]; readonly total: number }>;
}

/** Trace summaries in the manifest: what a list shows before the data is loaded. */
const tracesInManifest = 1_000;

/**
 * Writes everything recorded into a capture file: a ZIP of stored entries, the manifest first. Works in a folder beside
 * the file and puts the file in place at the end, so that a crash leaves an older file as it was. Holds no connection
 * URLs and no secrets.
 */
export async function writeCapture(
  recording: Recording,
  path: string,
): Promise<{ events: number; deliveries: number }> {
  const dir = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  const parquet = await openParquet();
  try {
    const events = await writeTable(parquet, eventTable, rowsOf(recording.exportEvents(), eventRow), dir);
    const deliveries = await writeTable(
      parquet,
      deliveryTable,
      rowsOf(recording.exportDeliveries(), deliveryRow),
      dir,
    );
    const { rows: traces, total } = await recording.listTraces({ now: Date.now() }, tracesInManifest, 0);
    const files = [...events.files, ...deliveries.files];
    const manifest = {
      format: 'headwater-capture',
      version: captureVersion,
      created: new Date().toISOString(),
      counts: { events: events.rows, deliveries: deliveries.rows, traces: total },
      files: files.map(({ name, table, rows }) => ({ name, table, rows })),
      coverage: await recording.coverage(),
      topologies: [...(await recording.topologies())].map(([connection, topology]) => ({
        connection,
        topology,
      })),
      traces,
    };
    const zipped = join(dir, 'capture.zip');
    await writeZip(zipped, JSON.stringify(manifest), files);
    await rename(zipped, path);
    return { events: events.rows, deliveries: deliveries.rows };
  } finally {
    parquet.close();
    await rm(dir, { recursive: true, force: true });
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

async function* rowsOf<T>(
  pages: AsyncIterable<readonly T[]>,
  row: (item: T) => Row,
): AsyncIterable<readonly Row[]> {
  for await (const page of pages) yield page.map(row);
}

async function writeZip(
  path: string,
  manifest: string,
  files: readonly { readonly name: string; readonly path: string }[],
): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(manifest), manifestName, { compress: false });
  for (const file of files) zip.addFile(file.path, file.name, { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }));
}
