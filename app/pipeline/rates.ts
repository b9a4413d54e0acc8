/** Events a second over a sliding window, and the count since the start. */
export interface Rate {
  add(count: number, now: number): void;
  perSecond(now: number): number;
  readonly total: number;
}

/** A rate over the last `seconds` whole seconds, in one small ring: no allocation for an event. */
export function createRate(seconds = 10): Rate {
  const counts = new Float64Array(seconds);
  let newest = 0;
  let started: number | undefined;
  let total = 0;

  const advance = (now: number) => {
    const second = Math.floor(now / 1000);
    started ??= second;
    if (second - newest >= seconds) counts.fill(0);
    else for (let s = newest + 1; s <= second; s++) counts[s % seconds] = 0;
    newest = Math.max(newest, second);
  };
  return {
    add(count, now) {
      advance(now);
      const slot = newest % seconds;
      counts[slot] = (counts[slot] ?? 0) + count;
      total += count;
    },
    perSecond(now) {
      advance(now);
      const span = Math.min(seconds, newest - (started ?? newest) + 1);
      return counts.reduce((sum, c) => sum + c, 0) / span;
    },
    get total() {
      return total;
    },
  };
}
