import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Payloads too large for a table: DuckDB reads and writes thousands of rows at once, and would hold all their payloads
 * in memory to show one. They lie one after the other in a file beside the segment's, and the row says where. The file
 * is synced before the row is committed, so what a row names is there; what no row names does no harm.
 */
export interface LargePayloads {
  /** Appends bytes, not yet synced. */
  put(content: string | Uint8Array): LargePayload;
  sync(): void;
  close(): void;
}

/** Where it lies: position and length in bytes. */
export type LargePayload = readonly [position: number, length: number, kind: 'text' | 'bytes'];

/** Characters or bytes from which on a payload lies beside the table. */
export const largeFrom = 16_384;

export function largePath(segmentPath: string): string {
  return segmentPath.replace(/\.duckdb$/, '.payloads');
}

/** Opens the file of a segment for appending; made when the first large payload comes. */
export function openLargePayloads(segmentPath: string): LargePayloads {
  let file: number | undefined;
  let end = 0;
  let unsynced = false;
  return {
    put(content) {
      if (file === undefined) {
        file = openSync(largePath(segmentPath), 'a', 0o600);
        end = fstatSync(file).size;
      }
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      const where: LargePayload = [end, bytes.length, typeof content === 'string' ? 'text' : 'bytes'];
      end += bytes.length;
      unsynced = true;
      return where;
    },
    sync() {
      if (file === undefined || !unsynced) return;
      fsyncSync(file);
      unsynced = false;
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/**
 * Reads one back.
 * @throws where the file is gone or too short.
 */
export async function readLarge(segmentPath: string, [position, length]: LargePayload): Promise<Uint8Array> {
  const path = largePath(segmentPath);
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const { bytesRead } = await file.read(bytes, at, length - at, position + at);
      if (bytesRead === 0) throw new Error(`${path} ends before a payload that it should hold.`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
