const LETTERS = Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ23456789');

/** Random numbers that follow from a seed alone (the mulberry32 generator), and what is made of them. */
export class Rng {
  #state: number;

  constructor(seed: number, name: string) {
    let hash = seed | 0;
    for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    this.#state = hash ^ 0x5bd1e995;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.int(0, from.length - 1)];
    if (picked === undefined) throw new Error('Nothing to pick from');
    return picked;
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.int(0, 15).toString(16)).join('');
  }

  uuid(): string {
    const [a, b, c, d, e] = [8, 4, 3, 3, 12].map((digits) => this.hex(digits));
    return `${a}-${b}-4${c}-${this.pick(['8', '9', 'a', 'b'])}${d}-${e}`;
  }

  /** Text of capitals and digits, as in ticket and tracking numbers. */
  code(length: number): string {
    return Array.from({ length }, () => this.pick(LETTERS)).join('');
  }

  /** Mostly small, now and then large: how long handling takes. */
  latency(from: number, to: number): number {
    return from + (to - from) * this.next() ** 2.5;
  }

  /** Milliseconds to the next arrival at so many a second. */
  gap(perSecond: number): number {
    return (-Math.log(1 - this.next()) / perSecond) * 1000;
  }
}
