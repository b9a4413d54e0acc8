/**
 * Hash → event numbers of the segment that still grows, in memory: its rows on disk are unsorted, and scanning them for
 * each look-up would cost what sorting saves. Typed arrays, about 24 bytes an entry.
 */
export interface KeyIndex {
  readonly size: number;
  add(hash: number, seq: number): void;
  /** Calls back with each number stored under the hash, newest first. */
  each(hash: number, found: (seq: number) => void): void;
  /** Copies hashes from position `from` on, at most `limit`. */
  hashes(from: number, limit: number): Float64Array;
  /** All entries, as views that hold until the next is added. */
  entries(): { readonly hash: Float64Array; readonly seq: Float64Array };
}

/** Makes an empty index; it doubles as it fills. */
export function createKeyIndex(): KeyIndex {
  let capacity = 1 << 14;
  let size = 0;
  let hash = new Float64Array(capacity);
  let seq = new Float64Array(capacity);
  /** The next entry in the same slot, or -1. */
  let next = new Int32Array(capacity);
  let heads = new Int32Array(capacity).fill(-1);

  const slot = (value: number) => (value ^ (value / 0x100000000)) & (capacity - 1);

  function grow(): void {
    capacity *= 2;
    const wider = new Float64Array(capacity);
    wider.set(hash);
    hash = wider;
    const widerSeq = new Float64Array(capacity);
    widerSeq.set(seq);
    seq = widerSeq;
    next = new Int32Array(capacity);
    heads = new Int32Array(capacity).fill(-1);
    for (let i = 0; i < size; i++) link(i);
  }

  function link(entry: number): void {
    const at = slot(hash[entry]!);
    next[entry] = heads[at]!;
    heads[at] = entry;
  }

  return {
    get size() {
      return size;
    },
    add(value, number) {
      if (size === capacity) grow();
      hash[size] = value;
      seq[size] = number;
      link(size++);
    },
    each(value, found) {
      for (let i = heads[slot(value)]!; i >= 0; i = next[i]!) if (hash[i] === value) found(seq[i]!);
    },
    hashes: (from, limit) => hash.slice(from, Math.min(size, from + limit)),
    entries: () => ({ hash: hash.subarray(0, size), seq: seq.subarray(0, size) }),
  };
}
