import { codeAt } from './code-at.ts';

/** Mixes the bits of a 32-bit number so that each input bit reaches each output bit (MurmurHash3's finaliser). */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Hash of a text to a safe integer (53 bits), for key look-ups: a plain number in JavaScript, a BIGINT in the store.
 * Two 32-bit lanes over UTF-16 code units, FNV-1a in one, rotate-xor-multiply in the other. A hit is always verified
 * against the text, so a collision costs time and never truth.
 */
export function hashText(text: string): number {
  const { length } = text;
  let a = 0x811c9dc5;
  let b = 0x9e3779b9 ^ length;
  for (let i = 0; i < length; i++) {
    const unit = codeAt(text, i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(((b << 5) | (b >>> 27)) ^ unit, 0x9e3779b1);
  }
  return (mix(b) & 0x1fffff) * 0x100000000 + mix(a);
}

/**
 * What keeps a hash, of which there are many that live long: as two whole numbers. A number of more than 32 bits would be
 * an object of its own for the collector to look after.
 */
export class Hashed {
  private readonly high: number;
  private readonly low: number;

  constructor(hash: number) {
    this.high = (hash / 0x100000000) | 0;
    this.low = hash | 0;
  }

  get hash(): number {
    return this.high * 0x100000000 + (this.low >>> 0);
  }
}
