import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { CaptureSummary } from '../model/capture.ts';
import type { SourceItem } from '../model/source.ts';
import type { TraceSummary } from '../model/trace.ts';
import { summaryOf } from './capture-summary.ts';
import { openCapture } from './read-capture.ts';
import { readLines } from './read-lines.ts';

export interface OpenFileOptions {
  /** Lines of earlier files of the same import: unnamed messages count on from there. */
  readonly linesBefore?: number;
  /** Told at the end of message lines how many there were. */
  readonly onEnd?: (lines: number) => void;
}

/** A file that was looked at, and can be read once. */
export interface OpenedFile {
  /** Of a capture: what it says of itself. */
  readonly summary?: CaptureSummary;
  /** Of a capture: its traces as they were when it was written, the newest of them. */
  readonly traces?: readonly TraceSummary[];
  /** Batches like any source's; a bad line is an alert. */
  read(signal?: AbortSignal): AsyncIterable<readonly SourceItem[]>;
  close(): Promise<void>;
}

/**
 * Opens a capture or message lines, told apart by content; `-` is message lines on standard input.
 * @throws an error with a clear sentence when the file is not there, cannot be read, or is a damaged capture; so does
 * reading.
 */
export async function openAny(path: string, options: OpenFileOptions = {}): Promise<OpenedFile> {
  if (path !== '-' && (await isCapture(path))) {
    const capture = await openCapture(path);
    return {
      summary: summaryOf(capture.manifest),
      traces: capture.manifest.traces,
      read: (signal) => capture.read(signal),
      close: () => capture.close(),
    };
  }
  return { read: (signal) => readTextFile(path, signal, options), close: async () => undefined };
}

/** The batches of a file, as `openAny` reads them. */
export async function* openFile(
  path: string,
  signal?: AbortSignal,
  options: OpenFileOptions = {},
): AsyncIterable<readonly SourceItem[]> {
  const file = await openAny(path, options);
  try {
    yield* file.read(signal);
  } finally {
    await file.close();
  }
}

async function* readTextFile(
  path: string,
  signal: AbortSignal | undefined,
  options: OpenFileOptions,
): AsyncIterable<readonly SourceItem[]> {
  const chunks: AsyncIterable<Uint8Array> =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  try {
    yield* readLines(chunks, { ...options, name: path === '-' ? 'standard input' : path });
  } catch (error) {
    // A file that is closed because nobody reads on has not failed.
    if (!signal?.aborted) throw error;
  }
}

/** Whether the file begins as a ZIP does. @throws an error with a sentence where it is neither a ZIP nor lines. */
async function isCapture(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 4 && buffer.toString('latin1') === 'PK\u0003\u0004') return true;
  } finally {
    await file.close();
  }
  if (!path.toLowerCase().endsWith('.hwcap')) return false;
  const what = (await stat(path)).size === 0 ? 'is empty' : 'does not begin as a capture does';
  throw new Error(
    `${path} ${what}: it was cut off, or is something else. Ask for the file again, or export a new one.`,
  );
}
