import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { uncompress as uncompressSnappy } from 'snappyjs';
import { unpackLz4 } from './lz4.ts';

/** No batch may unpack to more than this, bytes: a broker's own limit is about 1 MB packed. */
const largest = 512 * 1024 * 1024;

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeader = 16;

/**
 * Unpacks the records of a batch. `codec` is the number in the batch's attributes, above 0.
 * @throws Error when the codec is unknown or the data corrupt.
 */
export function unpack(codec: number, packed: Buffer): Buffer {
  switch (codec) {
    case 1:
      return gunzipSync(packed, { maxOutputLength: largest });
    case 2:
      return unpackSnappy(packed);
    case 3:
      return unpackLz4(packed, largest);
    case 4:
      return zstdDecompressSync(packed, { maxOutputLength: largest });
    default:
      throw new Error(`unknown compression codec ${codec}`);
  }
}

/** Java's clients cut the data into blocks behind a header of their own; librdkafka's do not. */
function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, xerialMagic.length).equals(xerialMagic)) return unpackSnappyBlock(packed);
  const blocks: Buffer[] = [];
  for (let at = xerialHeader; at < packed.length;) {
    const size = packed.readInt32BE(at);
    const block = packed.subarray(at + 4, at + 4 + size);
    if (size < 0 || block.length < size) throw new Error('a snappy block is cut off');
    blocks.push(unpackSnappyBlock(block));
    at += 4 + size;
  }
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks);
}

/** Three bytes of snappy make 64 at most: a block that claims more is corrupt, and must not cost its claim in memory. */
function unpackSnappyBlock(block: Buffer): Buffer {
  return asBuffer(uncompressSnappy(block, Math.min(largest, block.length * 32)));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
