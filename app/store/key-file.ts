import { open, rename, type FileHandle } from 'node:fs/promises';
import type { KeyIndex } from './key-index.ts';

/**
 * Hash → event numbers of a sealed segment, in a file beside it. Hashes are even over their range, so they lie in pages
 * by their first bits: a look-up reads one page of some 4 KB. A table would give thousands of rows for the one wanted.
 *
 * Layout, little-endian: magic, pages, entries and a zero as Uint32; where each page begins and the end of the last as
 * Uint32, in entries; then the entries, two doubles each: hash, number. It can be made again from the events.
 */
export interface KeyFile {
  /** Calls back with each number stored under any of the hashes. */
  each(hashes: readonly number[], found: (seq: number) => void): Promise<void>;
  /** Hashes from position `from` on, at most `limit`. */
  hashes(from: number, limit: number): Promise<Float64Array>;
  close(): Promise<void>;
}

const magic = 0x3159_4b48; // "HKY1"
const headBytes = 16;
const entryBytes = 16;
const entriesPerPage = 256;
/** Hashes are below this (see `hashText`). */
const hashEnd = 2 ** 53;

export function keyPath(segmentPath: string): string {
  return segmentPath.replace(/\.duckdb$/, '.keys');
}

/** Writes the file; it is there whole once this resolves, or not at all. */
export async function writeKeyFile(segmentPath: string, index: KeyIndex): Promise<void> {
  const { hash, seq } = index.entries();
  const entries = hash.length;
  const pages = 2 ** Math.max(0, Math.ceil(Math.log2(entries / entriesPerPage)));
  const starts = new Uint32Array(pages + 1);
  for (const value of hash) starts[pageOf(value, pages) + 1]!++;
  for (let page = 0; page < pages; page++) starts[page + 1]! += starts[page]!;
  const next = starts.slice();
  const sorted = new Float64Array(entries * 2);
  for (let i = 0; i < entries; i++) {
    const at = next[pageOf(hash[i]!, pages)]!++;
    sorted[at * 2] = hash[i]!;
    sorted[at * 2 + 1] = seq[i]!;
  }
  const path = keyPath(segmentPath);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    for (const part of [Uint32Array.of(magic, pages, entries, 0), starts, sorted]) {
      await file.writeFile(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** Opens it, or answers undefined where it is gone or is not whole. */
export async function openKeyFile(segmentPath: string): Promise<KeyFile | undefined> {
  const file = await open(keyPath(segmentPath)).catch(() => undefined);
  if (!file) return undefined;
  const starts = await readStarts(file).catch(() => undefined);
  if (!starts) {
    await file.close();
    return undefined;
  }
  const pages = starts.length - 1;
  const entries = starts[pages]!;
  const from = headBytes + starts.byteLength;
  const read = async (first: number, end: number) => {
    const bytes = await readAt(file, from + first * entryBytes, (end - first) * entryBytes);
    return new Float64Array(bytes.buffer);
  };
  return {
    async each(hashes, found) {
      const byPage = Map.groupBy(hashes, (hash) => pageOf(hash, pages));
      for (const [page, wanted] of byPage) {
        const pairs = await read(starts[page]!, starts[page + 1]!);
        for (let i = 0; i < pairs.length; i += 2) if (wanted.includes(pairs[i]!)) found(pairs[i + 1]!);
      }
    },
    async hashes(first, limit) {
      const pairs = await read(Math.min(first, entries), Math.min(first + limit, entries));
      return Float64Array.from({ length: pairs.length / 2 }, (_, i) => pairs[i * 2]!);
    },
    close: () => file.close(),
  };
}

function pageOf(hash: number, pages: number): number {
  return Math.floor((hash / hashEnd) * pages);
}

async function readStarts(file: FileHandle): Promise<Uint32Array | undefined> {
  const [found, pages, entries] = new Uint32Array((await readAt(file, 0, headBytes)).buffer);
  if (found !== magic) return undefined;
  const starts = new Uint32Array((await readAt(file, headBytes, (pages! + 1) * 4)).buffer);
  const { size } = await file.stat();
  const whole = headBytes + starts.byteLength + entries! * entryBytes;
  return size === whole && starts[pages!] === entries ? starts : undefined;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw new Error('A file of keys ends before its last entry.');
    at += bytesRead;
  }
  return bytes;
}
