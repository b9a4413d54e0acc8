/** A set of small whole numbers, one bit each up to the largest: 10 million take 1.25 MB. */
export interface BitSet {
  readonly size: number;
  has(number: number): boolean;
  add(number: number): void;
  delete(number: number): void;
}

export function createBitSet(): BitSet {
  let bits = new Uint8Array(1 << 12);
  let size = 0;
  const has = (number: number) => ((bits[Math.floor(number / 8)] ?? 0) & (1 << (number % 8))) !== 0;
  return {
    get size() {
      return size;
    },
    has,
    add(number) {
      if (has(number)) return;
      const at = Math.floor(number / 8);
      if (at >= bits.length) {
        const wider = new Uint8Array(Math.max(at + 1, bits.length * 2));
        wider.set(bits);
        bits = wider;
      }
      bits[at]! |= 1 << (number % 8);
      size++;
    },
    delete(number) {
      if (!has(number)) return;
      bits[Math.floor(number / 8)]! &= ~(1 << (number % 8));
      size--;
    },
  };
}
