const magic = 0x184d2204;
const blockSizes = new Map([
  [4, 64 * 1024],
  [5, 256 * 1024],
  [6, 1024 * 1024],
  [7, 4 * 1024 * 1024],
]);
const uncompressed = 0x8000_0000;

/**
 * Unpacks an LZ4 frame, as Kafka's clients write it; checksums are not verified.
 * @throws Error when it is corrupt, or larger than `largest` bytes unpacked.
 */
export function unpackLz4(packed: Buffer, largest: number): Buffer {
  if (packed.length < 7 || packed.readUInt32LE(0) !== magic) throw corrupt('no frame begins here');
  const flags = packed.readUInt8(4);
  const blockSize = blockSizes.get((packed.readUInt8(5) >> 4) & 0x7);
  if (flags >> 6 !== 1 || blockSize === undefined) throw corrupt('its header is not understood');
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let out: Buffer = Buffer.allocUnsafe(Math.min(largest, Math.max(blockSize, packed.length * 4)));
  let length = 0;
  for (;;) {
    if (at + 4 > packed.length) throw corrupt('it is cut off');
    const size = packed.readUInt32LE(at) & ~uncompressed;
    const plain = packed.readUInt32LE(at) >= uncompressed;
    at += 4;
    if (size === 0) return out.subarray(0, length);
    if (at + size > packed.length) throw corrupt('a block is cut off');
    if (length + blockSize > out.length) out = grow(out, length, blockSize, largest);
    if (plain) length += packed.copy(out, length, at, at + size);
    else length = unpackBlock(packed, at, at + size, out, length);
    at += size + blockChecksum;
  }
}

/** Matches may reach back into earlier blocks, so all are unpacked into one buffer. Returns the new length. */
function unpackBlock(packed: Buffer, start: number, end: number, out: Buffer, from: number): number {
  let at = start;
  let length = from;
  const longer = (base: number): number => {
    let total = base;
    for (let more = 255; more === 255; total += more) {
      if (at >= end) throw corrupt('a length is cut off');
      more = packed[at++] ?? 0;
    }
    return total;
  };
  while (at < end) {
    const token = packed[at++] ?? 0;
    const literals = token >> 4 === 15 ? longer(15) : token >> 4;
    if (at + literals > end || length + literals > out.length) throw corrupt('literals go past the end');
    packed.copy(out, length, at, at + literals);
    at += literals;
    length += literals;
    if (at >= end) break;
    const distance = (packed[at] ?? 0) | ((packed[at + 1] ?? 0) << 8);
    at += 2;
    const match = ((token & 15) === 15 ? longer(15) : token & 15) + 4;
    if (distance === 0 || distance > length || length + match > out.length)
      throw corrupt('a match goes astray');
    // Byte by byte where source and target overlap: that repeats what was just written.
    if (distance >= match) out.copyWithin(length, length - distance, length - distance + match);
    else for (let i = 0; i < match; i++) out[length + i] = out[length + i - distance] ?? 0;
    length += match;
  }
  return length;
}

function grow(out: Buffer, length: number, needed: number, largest: number): Buffer {
  if (length + needed > largest) throw corrupt(`it unpacks to more than ${largest} bytes`);
  const larger = Buffer.allocUnsafe(Math.min(largest, Math.max(out.length * 2, length + needed)));
  out.copy(larger, 0, 0, length);
  return larger;
}

function corrupt(why: string): Error {
  return new Error(`the LZ4 data is corrupt: ${why}`);
}
