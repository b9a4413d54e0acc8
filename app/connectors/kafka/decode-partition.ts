import { isUtf8 } from 'node:buffer';
import type { Channel, Header, Json, RawMessage } from '../../model/message.ts';
import { AbortedFilter } from './aborted.ts';
import { ByteReader } from './bytes.ts';
import { unpack } from './codecs.ts';
import type { FetchedPartition } from './fetch-response.ts';
import { readBatchHeader, type BatchHeader } from './record-batch.ts';

/** A stretch of offsets whose records could not be read. */
export interface Unreadable {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly reason: string;
}

/** What happens with the records of a partition, in order. */
export interface RecordSink {
  message(message: RawMessage): void;
  unreadable(what: Unreadable): void;
  /** Whether a batch, by its unpacked records, is worth a closer look; when absent, every one is. */
  worth?(records: Buffer): boolean;
}

const noHeaders: readonly Header[] = [];

/** Unpacks what a fetch brought of one partition, some messages at a time, so that the consumer paces the work. */
export class PartitionDecoder {
  /** The offset after everything that was handed out or left out so far. */
  next: number;
  private readonly bytes: Buffer;
  private readonly filter: AbortedFilter;
  private readonly channel: Channel;
  private readonly partition: number;
  private readonly from: number;
  private readonly observedAt: number;
  private at = 0;
  private batch: BatchHeader | undefined;
  private reader: ByteReader | undefined;
  private left = 0;
  private notes: Readonly<Record<string, Json>> | undefined;

  /** `from` is the offset that was asked for: a batch may begin before it. */
  constructor(fetched: FetchedPartition, channel: Channel, from: number, observedAt: number) {
    this.bytes = fetched.records;
    this.filter = new AbortedFilter(fetched.aborted);
    this.channel = channel;
    this.partition = fetched.partition;
    this.from = from;
    this.next = from;
    this.observedAt = observedAt;
  }

  /** Hands out up to `limit` messages; false when nothing is left. Never throws for bad data. */
  read(limit: number, sink: RecordSink): boolean {
    let room = limit;
    while (room > 0) {
      if (!this.batch && !this.nextBatch(sink)) return false;
      const batch = this.batch;
      if (!batch) continue;
      try {
        room -= this.readRecords(batch, room, sink);
      } catch (thrown) {
        this.skipRest(batch, thrown, sink);
      }
    }
    return true;
  }

  /** Moves to the next batch with records to show; false at the end. */
  private nextBatch(sink: RecordSink): boolean {
    const batch = readBatchHeader(this.bytes, this.at);
    if (!batch) return false;
    this.at = batch.end;
    if (this.filter.drops(batch, () => this.isAbortMarker(batch))) {
      this.next = Math.max(this.next, batch.nextOffset);
      return true;
    }
    if (batch.magic !== 2) {
      const reason = `written in message format ${batch.magic}, which is older than Kafka 0.11 and not read`;
      this.skipRest(batch, new Error(reason), sink);
      return true;
    }
    try {
      const packed = this.bytes.subarray(batch.records, batch.end);
      this.reader = batch.codec === 0 ? new ByteReader(packed) : new ByteReader(unpack(batch.codec, packed));
    } catch (thrown) {
      this.skipRest(batch, thrown, sink);
      return true;
    }
    if (sink.worth && !sink.worth(this.reader.buffer)) {
      this.finish(batch);
      return true;
    }
    this.batch = batch;
    this.left = batch.count;
    this.notes = batch.transactional ? { transaction: `producer ${batch.producerId}` } : undefined;
    return true;
  }

  private readRecords(batch: BatchHeader, room: number, sink: RecordSink): number {
    const { reader } = this;
    let given = 0;
    while (reader && this.left > 0 && given < room) {
      const message = this.readRecord(batch, reader);
      this.left--;
      if (!message) continue;
      given++;
      sink.message(message);
    }
    if (this.left <= 0) this.finish(batch);
    return given;
  }

  private readRecord(batch: BatchHeader, reader: ByteReader): RawMessage | undefined {
    const length = reader.varint();
    const end = reader.position + length;
    if (length < 0 || end > reader.buffer.length) throw new RangeError('a record is cut off');
    reader.position++; // attributes, unused
    const timestampDelta = reader.varlong();
    const offset = batch.baseOffset + reader.varint();
    if (offset < this.from) {
      reader.position = end;
      return undefined;
    }
    const key = readText(reader);
    const bodyLength = reader.varint();
    const start = reader.position;
    const body = bodyLength < 0 ? null : reader.buffer.subarray(start, reader.skip(bodyLength));
    const headers = readHeaders(reader);
    reader.position = end;
    this.next = offset + 1;
    const stamped = batch.logAppendTime ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta;
    return {
      kind: 'message',
      channel: this.channel,
      position: { partition: this.partition, offset: String(offset) },
      time: stamped >= 0 ? stamped : this.observedAt,
      clock: stamped < 0 ? 'observer' : batch.logAppendTime ? 'broker' : 'producer',
      observedAt: this.observedAt,
      key,
      headers,
      body,
      notes: this.notes,
    };
  }

  private skipRest(batch: BatchHeader, thrown: unknown, sink: RecordSink): void {
    const from = Math.max(this.next, batch.baseOffset);
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (batch.nextOffset > from) sink.unreadable({ from, to: batch.nextOffset, reason });
    this.finish(batch);
  }

  private finish(batch: BatchHeader): void {
    this.next = Math.max(this.next, batch.nextOffset);
    this.batch = undefined;
    this.reader = undefined;
    this.left = 0;
  }

  /** A control record's key is its version and its type, 0 being abort; control batches hold one record, never packed. */
  private isAbortMarker(batch: BatchHeader): boolean {
    try {
      const reader = new ByteReader(this.bytes, batch.records);
      reader.varint();
      reader.position++;
      reader.varlong();
      reader.varint();
      return reader.varint() >= 4 && reader.int16() >= 0 && reader.int16() === 0;
    } catch {
      return false;
    }
  }
}

function readHeaders(reader: ByteReader): readonly Header[] {
  const count = reader.varint();
  if (count <= 0) return noHeaders;
  const headers: Header[] = [];
  for (let i = 0; i < count; i++) {
    const length = reader.varint();
    const start = reader.position;
    const name = reader.buffer.toString('utf8', start, reader.skip(length));
    headers.push([name, readText(reader) ?? '']);
  }
  return headers;
}

/** Bytes with a length before them, as text where they are valid UTF-8; undefined for null. */
function readText(reader: ByteReader): string | Uint8Array | undefined {
  const length = reader.varint();
  if (length < 0) return undefined;
  const { buffer } = reader;
  const start = reader.position;
  const end = reader.skip(length);
  let at = start;
  while (at < end && (buffer[at] ?? 0x80) < 0x80) at++;
  if (at === end) return buffer.toString('latin1', start, end);
  const bytes = buffer.subarray(start, end);
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}
