/** Says of a hash "never seen" for certain, or "maybe seen". Grows; nothing is ever taken out. */
export interface Bloom {
  /** `hash` is a safe integer of at least 32 well-mixed bits, as `hashText` makes them. */
  add(hash: number): void;
  has(hash: number): boolean;
  /** Memory held, bytes. */
  readonly bytes: number;
}

/**
 * Bits per hash when a layer is full: with 7 probes fewer than one false positive in 1,000 a layer. Each costs a look-up
 * in the store, which a batch of events waits for.
 */
const bitsPerHash = 16;
const probes = 7;
const firstLayer = 1 << 20;

interface Layer {
  readonly words: Uint32Array;
  /** A power of two less one. */
  readonly mask: number;
  room: number;
}

function layerFor(hashes: number): Layer {
  const bits = 2 ** Math.ceil(Math.log2(hashes * bitsPerHash));
  return { words: new Uint32Array(bits / 32), mask: bits - 1, room: Math.floor(bits / bitsPerHash) };
}

/**
 * A Bloom filter that scales: once a layer is full the next is twice as large, so that the memory follows what is there
 * (about 2 bytes a hash) and the rate of false positives stays low.
 */
export function createBloom(expected: number = firstLayer): Bloom {
  const layers: Layer[] = [layerFor(Math.max(expected, 64))];
  let top = layers[0] as Layer;

  function has(hash: number): boolean {
    const a = (hash % 0x100000000) >>> 0;
    const step = (Math.floor(hash / 0x100000000) * 2 + 1) >>> 0;
    for (let i = layers.length - 1; i >= 0; i--) if (inLayer(layers[i] as Layer, a, step)) return true;
    return false;
  }

  return {
    add(hash) {
      if (has(hash)) return;
      if (top.room <= 0) {
        top = layerFor((top.mask + 1) / bitsPerHash + 1);
        layers.push(top);
      }
      top.room--;
      let at = (hash % 0x100000000) >>> 0;
      const step = (Math.floor(hash / 0x100000000) * 2 + 1) >>> 0;
      for (let i = 0; i < probes; i++) {
        const bit = at & top.mask;
        top.words[bit >>> 5] = (top.words[bit >>> 5] as number) | (1 << (bit & 31));
        at = (at + step) >>> 0;
      }
    },
    has,
    get bytes() {
      return layers.reduce((sum, layer) => sum + layer.words.byteLength, 0);
    },
  };
}

function inLayer(layer: Layer, start: number, step: number): boolean {
  let at = start;
  for (let i = 0; i < probes; i++) {
    const bit = at & layer.mask;
    if (((layer.words[bit >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
    at = (at + step) >>> 0;
  }
  return true;
}
