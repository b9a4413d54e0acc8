/** Reads Kafka's primitive types from a buffer, one after the other. Throws RangeError past the end. */
export class ByteReader {
  readonly buffer: Buffer;
  position: number;

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer;
    this.position = position;
  }

  int16(): number {
    const value = this.buffer.readInt16BE(this.position);
    this.position += 2;
    return value;
  }

  int32(): number {
    const value = this.buffer.readInt32BE(this.position);
    this.position += 4;
    return value;
  }

  int64(): number {
    const value = readInt64(this.buffer, this.position);
    this.position += 8;
    return value;
  }

  string(): string {
    const length = this.int16();
    if (length < 0) return '';
    return this.buffer.toString('utf8', this.position, this.skip(length));
  }

  /** A view, not a copy; null where the wire says null. */
  bytes(): Buffer | null {
    const length = this.int32();
    if (length < 0) return null;
    const start = this.position;
    return this.buffer.subarray(start, this.skip(length));
  }

  array<T>(read: () => T): T[] {
    const length = this.int32();
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }

  /** Zigzag, 32 bits. */
  varint(): number {
    const { buffer } = this;
    let byte = buffer[this.position++];
    if (byte === undefined) throw cutOff();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = buffer[this.position++];
      if (byte === undefined || shift > 28) throw cutOff();
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** Zigzag, 64 bits, as a number: exact up to 2^53. */
  varlong(): number {
    const { buffer } = this;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = buffer[this.position++];
      if (byte === undefined) throw cutOff();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
    throw cutOff();
  }

  /** Moves on and returns the new position. */
  skip(length: number): number {
    const end = this.position + length;
    if (length < 0 || end > this.buffer.length) throw cutOff();
    this.position = end;
    return end;
  }
}

/**
 * A 64-bit integer as a number. Offsets, ids and times stay far below 2^53, up to which it is exact: a partition that
 * takes a million records a second would get there in 285 years.
 */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4);
}

function cutOff(): RangeError {
  return new RangeError('the data ends in the middle of a record');
}
