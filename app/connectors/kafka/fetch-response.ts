import { ByteReader } from './bytes.ts';

/** A transaction that was rolled back, and where its first record lies. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** What a fetch brought of one partition. `records` is still packed: whole batches, the last may be cut off. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  /** End of what is committed or rolled back; below the high watermark while a transaction is open. */
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

export interface FetchResponse {
  /** For kafkajs' throttling. */
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

/** Newest fetch version whose layout is known here, and kafkajs' newest. */
const newest = 11;
const nothing = Buffer.alloc(0);

/** Decodes a fetch response of versions 4 to 11, leaving the records as they are: unpacking them can wait. */
export function decodeFetchResponse(payload: Buffer, version: number): FetchResponse {
  if (version < 4 || version > newest) throw new Error(`fetch version ${version} is not supported`);
  const reader = new ByteReader(payload);
  const throttleTime = reader.int32();
  const errorCode = version >= 7 ? reader.int16() : 0;
  if (version >= 7) reader.int32(); // session id
  const partitions: FetchedPartition[] = [];
  reader.array(() => {
    const topic = reader.string();
    reader.array(() => partitions.push(decodePartition(reader, topic, version)));
  });
  return { clientSideThrottleTime: version >= 8 ? throttleTime : 0, errorCode, partitions };
}

function decodePartition(reader: ByteReader, topic: string, version: number): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  const lastStableOffset = reader.int64();
  if (version >= 5) reader.int64(); // log start offset
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  if (version >= 11) reader.int32(); // preferred read replica
  const records = reader.bytes() ?? nothing;
  return { topic, partition, errorCode, highWatermark, lastStableOffset, aborted, records };
}
