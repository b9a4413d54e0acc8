import type { Kind } from './kind.ts';

/** Events of one kind are known to be published before others of another kind; the least time between such two, ms. */
export interface Before {
  readonly before: Kind;
  readonly after: Kind;
  readonly least: number;
}

/** By how much the clocks of the producers of two kinds differ, as far as events in a known order prove it. */
export interface ClockShifts {
  /**
   * How far the clock of one kind's producer is ahead of another's, ms; 0 where nothing proves that they differ, or it is
   * not known by how much.
   */
  shift(of: Kind, against: Kind): number;
  /** What is known, as a text: different for what is different. */
  readonly says: string;
}

/** So many pairs of events have to show an order: one may have a time that a tool has set. */
export const pairsNeeded = 3;
/** How far clocks of machines are taken to differ at most where nothing tells, ms. */
export const skew = 4_500;
/** Bounds are rounded to this, ms. */
const step = 25;
/** What comes out of batches and of measuring, ms. */
const tolerance = 250;
/** Between bounds that are no further apart than this the truth is taken to be in the middle, ms. */
const widest = 600;
/** Beyond so many kinds only what is known of two directly is used: all ways over others would take too long. */
const most = 150;

/**
 * If what is later by the order of a log has an earlier time, clocks differ. The time from a to b, less the time that truly
 * passed, is how far b's clock is ahead; so the least such time bounds it from above, and the least time from b to a from
 * below. Bounds add up over other kinds: the tightest are shortest ways (difference constraints, as in R. Bellman, On a
 * routing problem, 1958; all pairs by R. W. Floyd, Algorithm 97, 1962).
 */
export function clockShifts(known: readonly Before[]): ClockShifts {
  const clocks = [...new Set(known.flatMap(({ before, after }) => [clockOf(before), clockOf(after)]))].sort();
  const numbers = new Map(clocks.map((clock, i) => [clock, i]));
  const n = clocks.length;
  const ahead = new Float64Array(n * n).fill(Infinity);
  for (const { before, after, least } of known) {
    const at = (numbers.get(clockOf(before)) as number) * n + (numbers.get(clockOf(after)) as number);
    // In steps, so that not every event changes what is believed.
    ahead[at] = Math.min(ahead[at] as number, Math.ceil(least / step) * step);
  }
  // Mostly clocks agree.
  if (!ahead.some((least) => least < -tolerance)) return { shift: () => 0, says: '' };
  const direct = [...ahead].flatMap((least, at) => (least === Infinity ? [] : `${at}:${least}`));
  forgetContradictions(ahead, n);
  if (n <= most) shorten(ahead, n);
  return {
    shift(of, against) {
      const [a, b] = [numbers.get(clockOf(of)), numbers.get(clockOf(against))];
      if (a === undefined || b === undefined || a === b) return 0;
      const upper = ahead[b * n + a] as number;
      const lower = -(ahead[a * n + b] as number);
      // A clock that was set, or several machines under one name: then no figure is true.
      if (upper < lower) return 0;
      // Clocks that may agree are taken to agree, and others to differ by no more than they have to.
      if (lower <= tolerance && upper >= -tolerance) return 0;
      if (upper - lower <= widest) return (lower + upper) / 2;
      return lower > 0 ? lower : upper;
    },
    says: `${clocks.join()} ${direct.join()}`,
  };
}

/** Events of one producer have one clock; of others it is known only that those of a kind have. */
function clockOf({ key, producer }: Kind): string {
  return producer === undefined ? key : `\0${producer}`;
}

/** Bounds that cannot both be, of two clocks, would make all ways over them shorter without end. */
function forgetContradictions(ahead: Float64Array, n: number): void {
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if ((ahead[a * n + b] as number) + (ahead[b * n + a] as number) >= 0) continue;
      ahead[a * n + b] = Infinity;
      ahead[b * n + a] = Infinity;
    }
  }
}

function shorten(ahead: Float64Array, n: number): void {
  for (let over = 0; over < n; over++) {
    for (let from = 0; from < n; from++) {
      const first = ahead[from * n + over] as number;
      if (first === Infinity) continue;
      for (let to = 0; to < n; to++) {
        // Back to itself it is no way.
        if (to === from) continue;
        const length = first + (ahead[over * n + to] as number);
        if (length < (ahead[from * n + to] as number)) ahead[from * n + to] = length;
      }
    }
  }
}
