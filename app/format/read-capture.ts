import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import type { SourceItem } from '../model/source.ts';
import { deliveryTable, rowDelivery } from './delivery-rows.ts';
import { captureVersion, manifestName, manifestSchema } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { eventTable, rowMessage } from './message-rows.ts';
import { openParquet, rowsPerFile } from './parquet.ts';

/** A file that is no capture, or a damaged one. The message says what, where, and what to do. */
class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

export interface Capture {
  readonly manifest: Manifest;
  /** Coverage and topology, messages in the order of recording, deliveries, what the user said of links. Can be read once. */
  read(signal?: AbortSignal): AsyncIterable<readonly SourceItem[]>;
  close(): Promise<void>;
}

const biggestManifest = 256 * 1024 * 1024;
/** What a part may unpack to: those written here end at 64 MB, behind one message that may be large. */
const biggestPart = 1024 * 1024 * 1024;
const askAgain = 'Ask for the file again, or export a new one.';

/**
 * Opens a capture and reads its manifest.
 * @throws CaptureError when it is not one, is damaged, or comes from a newer Headwater.
 */
export async function openCapture(path: string): Promise<Capture> {
  const zip = await openZip(path);
  try {
    const entries = await entriesOf(zip, path);
    const manifest = await readManifest(zip, entries, path);
    return {
      manifest,
      read: (signal) => readItems(zip, entries, manifest, path, signal),
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw new CaptureError(`${path} is not a whole capture file (${reason(error)}). ${askAgain}`, {
      cause: error,
    });
  }
}

async function entriesOf(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return entries;
  } catch (error) {
    throw new CaptureError(`The table of contents of ${path} is damaged (${reason(error)}). ${askAgain}`);
  }
}

async function readManifest(zip: ZipFile, entries: Map<string, Entry>, path: string): Promise<Manifest> {
  const foreign = `${path} is a ZIP file, but not a Headwater capture`;
  const entry = entries.get(manifestName);
  if (!entry) throw new CaptureError(`${foreign}: it holds no ${manifestName}. Open a .hwcap file.`);
  if (entry.uncompressedSize > biggestManifest)
    throw new CaptureError(`${foreign}: its manifest is too large.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of checked(zip, entry, path)) chunks.push(chunk);
  let content: unknown;
  try {
    content = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new CaptureError(`${foreign}: its ${manifestName} is not JSON.`);
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > captureVersion) {
    throw new CaptureError(
      `${path} was written by a newer Headwater (capture version ${version}; this one reads up to ${captureVersion}). ` +
        'Update Headwater, or export the file as ndjson there.',
    );
  }
  const parsed = manifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CaptureError(
    `${foreign}: ${manifestName} at ${issue?.path.join('.')}: ${issue?.message}. ${askAgain}`,
  );
}

async function* readItems(
  zip: ZipFile,
  entries: Map<string, Entry>,
  manifest: Manifest,
  path: string,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly SourceItem[]> {
  const topologies = manifest.topologies.map(({ topology }) => topology);
  if (topologies.length > 0) {
    yield [
      {
        kind: 'topology',
        observedAt: Math.max(...topologies.map((topology) => topology.observedAt)),
        channels: topologies.flatMap((topology) => topology.channels),
        subscriptions: topologies.flatMap((topology) => topology.subscriptions),
        bindings: topologies.flatMap((topology) => topology.bindings),
      },
    ];
  }
  // Before the events: they are joined by them.
  if (manifest.keyEdits && manifest.keyEdits.length > 0) yield manifest.keyEdits;
  if (manifest.coverage.length > 0) yield manifest.coverage.map(({ coverage }) => coverage);
  const dir = makeTemporaryDir(join(tmpdir(), 'headwater-capture-'));
  const parquet = await openParquet();
  try {
    for (const { name, table, rows: expected } of manifest.files) {
      const entry = entries.get(name);
      if (!entry) throw new CaptureError(`${path} is incomplete: ${name} is missing. ${askAgain}`);
      if (expected > rowsPerFile)
        throw new CaptureError(
          `${name} in ${path} promises ${expected} rows, which no capture has. ${askAgain}`,
        );
      // A name of ours, not the entry's: that could point anywhere.
      const part = join(dir, 'part.parquet');
      await pipeline(checked(zip, entry, path), createWriteStream(part), { signal });
      let rows = 0;
      try {
        const columns = table === 'events' ? eventTable : deliveryTable;
        for await (const page of parquet.read(columns, part, biggestPart)) {
          rows += page.length;
          if (rows > expected) break;
          yield table === 'events' ? page.map(rowMessage) : page.map(rowDelivery);
          if (signal?.aborted) return;
        }
      } catch (error) {
        throw new CaptureError(`${name} in ${path} cannot be read (${reason(error)}). ${askAgain}`, {
          cause: error,
        });
      }
      if (rows !== expected) {
        throw new CaptureError(
          `${name} in ${path} does not hold the ${expected} rows that are promised. ${askAgain}`,
        );
      }
    }
    // Last, when a mask knows what events are called now.
    if (manifest.linkEdits && manifest.linkEdits.length > 0) yield manifest.linkEdits;
  } finally {
    parquet.close();
    await removeTemporaryDir(dir);
  }
}

/** An entry's bytes; fails at the end where they are not what was written. */
async function* checked(zip: ZipFile, entry: Entry, path: string): AsyncIterable<Uint8Array> {
  const damaged = (why: string): CaptureError =>
    new CaptureError(`${entry.fileName} in ${path} is damaged (${why}). ${askAgain}`);
  // Captures hold stored entries only, so that no small file unpacks to a huge one.
  if (entry.compressionMethod !== 0) throw damaged('it is compressed, which captures never are');
  let sum = 0;
  try {
    const stream: Readable = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw damaged(reason(error));
  }
  if (sum !== entry.crc32) throw damaged('its checksum does not match');
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
