import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SourceItem } from '../model/source.ts';
import { openCapture } from './read-capture.ts';
import { readLines } from './read-lines.ts';

export interface OpenFileOptions {
  /** Lines of earlier files of the same import: unnamed messages count on from there. */
  readonly linesBefore?: number;
  /** Told at the end of message lines how many there were. */
  readonly onEnd?: (lines: number) => void;
}

/**
 * Reads a capture or message lines, told apart by content; `-` is message lines on standard input.
 *
 * Yields batches like any source; a bad line is an alert. Throws an error with a clear sentence when the file is not
 * there, cannot be read, or is a damaged capture.
 */
export async function* openFile(
  path: string,
  signal?: AbortSignal,
  options: OpenFileOptions = {},
): AsyncIterable<readonly SourceItem[]> {
  if (path !== '-' && (await isZip(path))) {
    const capture = await openCapture(path);
    try {
      yield* capture.read(signal);
    } finally {
      await capture.close();
    }
    return;
  }
  const chunks: AsyncIterable<Uint8Array> =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  try {
    yield* readLines(chunks, { ...options, name: path === '-' ? 'standard input' : path });
  } catch (error) {
    // A file that is closed because nobody reads on has not failed.
    if (!signal?.aborted) throw error;
  }
}

/** Whether the file begins as a ZIP does. */
async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'PK\u0003\u0004';
  } finally {
    await file.close();
  }
}
