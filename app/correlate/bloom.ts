/** Says of a hash "never seen" for certain, or "maybe seen". Grows; nothing is ever taken out. */
export interface Bloom {
  /** `hash` is a safe integer of at least 32 well-mixed bits, as `hashText` makes them. */
  add(hash: number): void;
  has(hash: number): boolean;
  /** Memory held, bytes. */
  readonly bytes: number;
}

/**
 * Bits per hash when a layer is full: with eight of them set about one false positive in 1,000 a layer. Each costs a
 * look-up in the store, which a batch of events waits for.
 */
const bitsPerHash = 16;
const firstLayer = 1 << 20;

/**
 * All bits of a hash lie in one block, one in each eighth of it. A filter of megabytes is in no cache, and so a question
 * costs one access to memory and not up to eight.
 */
const blockBits = 512;
const blockWords = blockBits / 32;
const eighthBits = blockBits / 8;
/** Odd numbers that pick a bit in each eighth. */
const salts = Int32Array.of(
  0x47b6137b,
  0x44974d91,
  0x8824ad5b,
  0xa2b7289d,
  0x705495c7,
  0x2df1424b,
  0x9efc4947,
  0x5c6bfb31,
);

interface Layer {
  readonly words: Uint32Array;
  /** A power of two less one. */
  readonly blockMask: number;
  room: number;
}

function layerFor(hashes: number): Layer {
  const bits = Math.max(blockBits, 2 ** Math.ceil(Math.log2(hashes * bitsPerHash)));
  return {
    words: new Uint32Array(bits / 32),
    blockMask: bits / blockBits - 1,
    room: Math.floor(bits / bitsPerHash),
  };
}

/**
 * A Bloom filter that scales: once a layer is full the next is twice as large, so that the memory follows what is there
 * (about 2 bytes a hash) and the rate of false positives stays low.
 */
export function createBloom(expected: number = firstLayer): Bloom {
  const layers: Layer[] = [layerFor(Math.max(expected, 64))];
  let top = layers[0] as Layer;

  function has(hash: number): boolean {
    const low = lowOf(hash);
    const block = blockOf(hash, low);
    for (let i = layers.length - 1; i >= 0; i--) if (inLayer(layers[i] as Layer, block, low)) return true;
    return false;
  }

  return {
    add(hash) {
      if (has(hash)) return;
      if (top.room <= 0) {
        top = layerFor((2 * top.words.length * 32) / bitsPerHash);
        layers.push(top);
      }
      top.room--;
      const low = lowOf(hash);
      const { words, blockMask } = top;
      const start = (blockOf(hash, low) & blockMask) * blockWords;
      for (let i = 0; i < 8; i++) {
        const bit = i * eighthBits + pick(low, i);
        const at = start + (bit >>> 5);
        words[at] = (words[at] as number) | (1 << (bit & 31));
      }
    },
    has,
    get bytes() {
      return layers.reduce((sum, layer) => sum + layer.words.byteLength, 0);
    },
  };
}

/** Its lower 32 bits. Not by `%`, which is slow beyond them. */
function lowOf(hash: number): number {
  return hash | 0;
}

/** Which block, of however many there are. */
function blockOf(hash: number, low: number): number {
  return Math.imul((hash / 0x100000000) ^ (low >>> 11), 0x9e3779b1) >>> 7;
}

/** Which bit of an eighth. */
function pick(low: number, eighth: number): number {
  return Math.imul(low, salts[eighth] as number) >>> 26;
}

function inLayer({ words, blockMask }: Layer, block: number, low: number): boolean {
  const start = (block & blockMask) * blockWords;
  for (let i = 0; i < 8; i++) {
    const bit = i * eighthBits + pick(low, i);
    if (((words[start + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}
