/** Numbers that follow from a seed alone, on every machine alike. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  hex(digits: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Rounds that mix the seed, as PractRand does. */
const warmUp = 15;

/**
 * The generator sfc32 of Chris Doty-Humphrey's PractRand (https://pracrand.sourceforge.net, public domain). `purpose` and
 * `index` begin a sequence of their own, so that what is drawn for one order does not depend on any other.
 */
export function createRandom(seed: number, purpose: number, index: number): Random {
  let a = seed >>> 0;
  let b = purpose >>> 0;
  let c = index >>> 0;
  let counter = 1;

  function next(): number {
    const result = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + result) >>> 0;
    return result;
  }
  for (let i = 0; i < warmUp; i++) next();

  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) text += next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    hex,
    uuid() {
      const variant = '89ab'.charAt(below(4));
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
    },
  };
}
