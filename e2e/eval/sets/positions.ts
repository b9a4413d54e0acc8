import type { Wire } from './lines.ts';
import type { Rng } from './rng.ts';
import type { Sent } from './sent.ts';

/** Where logs put what is published: partition by key, offsets that go on from somewhere, entry ids by the clock. */
export class Positions {
  readonly #rng: Rng;
  readonly #next = new Map<string, number>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  take({ place, key }: Wire, now: number): Pick<Sent, 'partition' | 'offset'> {
    const { system, channel, channelKind, partitions = 3 } = place;
    if (system === 'redis' && channelKind === 'stream') {
      const ms = Math.floor(now);
      return { offset: `${ms}-${this.#count(`${channel} ${ms}`, 0)}` };
    }
    if (system !== 'kafka') return {};
    const partition = key === undefined ? this.#rng.int(0, partitions - 1) : hash(key) % partitions;
    return { partition, offset: String(this.#count(`${channel}/${partition}`, this.#rng.int(0, 4000))) };
  }

  #count(name: string, first: number): number {
    const taken = this.#next.get(name) ?? first;
    this.#next.set(name, taken + 1);
    return taken;
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
