import { readInt64 } from './bytes.ts';

/** The header of a record batch, at `start` of the fetched bytes; `end` is where the next one begins. */
export interface BatchHeader {
  readonly start: number;
  readonly end: number;
  readonly magic: number;
  readonly baseOffset: number;
  /** One past the last offset that the batch covers, also of records that compaction took out of it. */
  readonly nextOffset: number;
  readonly codec: number;
  readonly logAppendTime: boolean;
  readonly transactional: boolean;
  readonly control: boolean;
  /** Epoch ms. */
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly count: number;
  /** Where the records begin. */
  readonly records: number;
}

/** Bytes before the length that a batch states, that length included. */
const prefix = 12;
const headerSize = 61;
const currentMagic = 2;

/** The batch that begins at `start`, or undefined when it is not there as a whole. */
export function readBatchHeader(bytes: Buffer, start: number): BatchHeader | undefined {
  if (start + 17 > bytes.length) return undefined;
  const baseOffset = readInt64(bytes, start);
  const end = start + prefix + bytes.readInt32BE(start + 8);
  const magic = bytes.readInt8(start + 16);
  if (end > bytes.length || end <= start + 16) return undefined;
  if (magic < currentMagic || end < start + headerSize) return oldFormat(start, end, magic, baseOffset);
  const attributes = bytes.readInt16BE(start + 21);
  return {
    start,
    end,
    magic,
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(start + 23) + 1,
    codec: attributes & 0x7,
    logAppendTime: (attributes & 0x8) !== 0,
    transactional: (attributes & 0x10) !== 0,
    control: (attributes & 0x20) !== 0,
    firstTimestamp: readInt64(bytes, start + 27),
    maxTimestamp: readInt64(bytes, start + 35),
    producerId: readInt64(bytes, start + 43),
    count: bytes.readInt32BE(start + 57),
    records: start + headerSize,
  };
}

/** Messages written before Kafka 0.11 (magic 0 and 1): their place is known, their content is not read. */
function oldFormat(start: number, end: number, magic: number, baseOffset: number): BatchHeader {
  return {
    start,
    end,
    magic,
    baseOffset,
    nextOffset: baseOffset + 1,
    codec: 0,
    logAppendTime: false,
    transactional: false,
    control: false,
    firstTimestamp: -1,
    maxTimestamp: -1,
    producerId: -1,
    count: 0,
    records: end,
  };
}

/**
 * The offset to fetch next after these bytes; without unpacking anything. `wanted` is how many bytes the first batch
 * needs where not even that one is whole.
 */
export function scanBatches(
  bytes: Buffer,
  from: number,
): { readonly next: number; readonly wanted?: number } {
  let next = from;
  let at = 0;
  for (let batch = readBatchHeader(bytes, at); batch; batch = readBatchHeader(bytes, at)) {
    next = Math.max(next, batch.nextOffset);
    at = batch.end;
  }
  if (at === 0 && bytes.length >= prefix) return { next, wanted: prefix + bytes.readInt32BE(8) };
  return { next };
}
