import { createHash } from 'node:crypto';

/**
 * Ids and choices that follow from a seed and a name alone: a service that is killed and started again makes
 * the same ones, and two runs with one seed can be compared.
 */
export class SeededIds {
  readonly #seed: string;

  constructor(seed: number | string) {
    this.#seed = String(seed);
  }

  /** A version 4 UUID for what the parts name. */
  uuid(...parts: readonly (string | number)[]): string {
    const hex = this.hex(32, ...parts);
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      variant + hex.slice(17, 20),
      hex.slice(20, 32),
    ].join('-');
  }

  /** Up to 64 hexadecimal digits. */
  hex(digits: number, ...parts: readonly (string | number)[]): string {
    return createHash('sha256')
      .update([this.#seed, ...parts].join('\u0000'))
      .digest('hex')
      .slice(0, digits);
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number, ...parts: readonly (string | number)[]): number {
    return Number.parseInt(this.hex(12, ...parts), 16) % limit;
  }
}

/** The number of a run's first order; runs with other seeds have other numbers. */
export function firstOrder(seed: number | string): number {
  return 100_000 + new SeededIds(seed).below(800_000, 'first order');
}
