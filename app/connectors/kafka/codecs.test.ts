import fc from 'fast-check';
import { compress as compressLz4 } from 'lz4js';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unpack } from './codecs.ts';
import { unpackLz4 } from './lz4.ts';

describe('LZ4', () => {
  it('unpacks what repeats, what does not, and more than one block of either', () => {
    const repeating = Buffer.from('{"orderId":12345,"note":"aaaaaaaa"}'.repeat(150_000));
    const mixed = Buffer.concat([randomBytes(300_000), repeating, randomBytes(5_000_000)]);
    for (const plain of [Buffer.alloc(0), Buffer.from('x'), repeating, mixed]) {
      expect(unpackLz4(Buffer.from(compressLz4(plain)), 64e6).equals(plain)).toBe(true);
    }
  });

  it('refuses what is larger than allowed', () => {
    const bomb = Buffer.from(compressLz4(Buffer.alloc(9_000_000)));
    expect(() => unpackLz4(bomb, 5_000_000)).toThrow('more than 5000000 bytes');
  });
});

it('says no to corrupt data, and never hangs on it', () => {
  const codec = fc.constantFrom(1, 2, 3, 4);
  fc.assert(
    fc.property(codec, fc.uint8Array({ maxLength: 300 }), (number, bytes) => {
      try {
        unpack(number, Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
