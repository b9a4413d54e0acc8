import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compress as compressLz4 } from 'lz4js';
import { compress as compressSnappy } from 'snappyjs';
import type { FetchedPartition } from './fetch-response.ts';

/** A record to write; offsets default to their place in the batch. */
export interface RecordToWrite {
  readonly delta?: number;
  readonly time?: number;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [string, Buffer | null])[];
}

export interface BatchToWrite {
  readonly base?: number;
  readonly codec?: number;
  readonly logAppendTime?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
  readonly producerId?: number;
  /** Where compaction left holes at the end. */
  readonly lastDelta?: number;
  readonly firstTimestamp?: number;
}

/** Writes a record batch as a broker stores it, its checksum left zero. */
export function writeBatch(records: readonly RecordToWrite[], batch: BatchToWrite = {}): Buffer {
  const { base = 0, codec = 0, producerId = -1, firstTimestamp = 1_000 } = batch;
  const packed = pack(codec, Buffer.concat(records.map((record, index) => writeRecord(record, index))));
  const flags =
    (codec & 0x7) |
    (batch.logAppendTime ? 0x8 : 0) |
    (batch.transactional ? 0x10 : 0) |
    (batch.control ? 0x20 : 0);
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(base), 0);
  head.writeInt32BE(49 + packed.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(flags, 21);
  const lastDelta = records.reduce((last, { delta }, index) => Math.max(last, delta ?? index), -1);
  head.writeInt32BE(batch.lastDelta ?? lastDelta, 23);
  head.writeBigInt64BE(BigInt(firstTimestamp), 27);
  head.writeBigInt64BE(BigInt(batch.logAppendTime ?? firstTimestamp), 35);
  head.writeBigInt64BE(BigInt(producerId), 43);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, packed]);
}

/** The marker that ends a transaction. */
export function writeMarker(kind: 'abort' | 'commit', base: number, producerId: number): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]);
  return writeBatch([{ key, value: Buffer.alloc(6) }], {
    base,
    producerId,
    transactional: true,
    control: true,
  });
}

/** What a fetch brought, around batches. */
export function fetched(
  batches: readonly Buffer[],
  aborted: FetchedPartition['aborted'] = [],
): FetchedPartition {
  const records = Buffer.concat(batches);
  return {
    topic: 'orders',
    partition: 3,
    errorCode: 0,
    highWatermark: 1e6,
    lastStableOffset: 1e6,
    aborted,
    records,
  };
}

function writeRecord(
  { delta, time = 0, key = null, value = null, headers = [] }: RecordToWrite,
  index: number,
): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(time),
    varint(delta ?? index),
    bytes(key),
    bytes(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [bytes(Buffer.from(name)), bytes(text)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function bytes(data: Buffer | null): Buffer {
  return data === null ? varint(-1) : Buffer.concat([varint(data.length), data]);
}

function varint(value: number): Buffer {
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n;
  const out: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

function pack(codec: number, plain: Buffer): Buffer {
  switch (codec) {
    case 1:
      return gzipSync(plain);
    case 2:
      return Buffer.from(compressSnappy(plain));
    case 3:
      return Buffer.from(compressLz4(plain));
    case 4:
      return zstdCompressSync(plain);
    case xerialSnappy:
      return xerial(plain);
    default:
      return plain;
  }
}

/** Stands for snappy in the framing of Java's clients; its number in the attributes is 2 as well. */
export const xerialSnappy = 0x42;

function xerial(plain: Buffer): Buffer {
  const middle = Math.floor(plain.length / 2);
  const blocks = [plain.subarray(0, middle), plain.subarray(middle)].flatMap((block) => {
    const packed = Buffer.from(compressSnappy(block));
    const size = Buffer.alloc(4);
    size.writeInt32BE(packed.length);
    return [size, packed];
  });
  return Buffer.concat([Buffer.from('82534e415050590000000001000000 01'.replace(' ', ''), 'hex'), ...blocks]);
}
