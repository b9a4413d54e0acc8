import { skew, type ClockShifts } from './clock-shifts.ts';
import { logDensities, median, tailOf } from './delays.ts';
import { shareClock, type Kind } from './kind.ts';
import type { Sight } from './sight.ts';
import type { Reads } from './subscriptions.ts';
import { wordedOrder } from './wording.ts';

/** Fewer say nothing. */
export const fewest = 8;
/** Logarithm of the density of an effect that nothing explains: worse than a cause a day before. */
export const unexplained = -19;
/** What one step of knowledge weighs against delays, in the same measure. */
const consumesBonus = 1.5;
/** What it weighs that nothing else came between, each time. Where delays tell nothing, the nearer is the cause. */
const nearness = 0.6;
/** What it costs to believe that clocks put causes behind their effects. Little: clocks that differ shift all of a kind. */
const againstTime = 0.15;
/** What the tail of delays weighs that says which of two is the cause. */
const directionBonus = 1.5;
/** Of so many that explain it best pairs are tried, and believed where they explain so much more. */
const pairedMost = 4;
const pairGain = 0.6;

/** A cause that is tried: how well each sight fits it. */
export interface Trial {
  readonly kinds: readonly Kind[];
  /** By sight; undefined where it was not there. */
  readonly delays: readonly (number | undefined)[];
  readonly fits: readonly number[];
  /** The mean of where it was there, with what is known of consumers. */
  readonly fit: number;
  /** The middle of its delays, ms. */
  readonly middle: number;
  /** How much its delays look like those from cause to effect; that decides only where clocks may not. */
  readonly direction: number;
  /** How often it was there. */
  readonly count: number;
}

/** What a sample of a kind's events tells of their causes, each kind tried alone. */
export class Trials {
  readonly isTold: boolean;
  readonly nameNobody: boolean;
  /** Sights with others before them, or perhaps before them. */
  readonly company: number;
  /** The better first. */
  readonly singles: readonly Trial[];
  /** Two causes that it waits for, found without regard to clocks; the better first. */
  readonly joined: readonly Trial[];
  readonly effect: Kind;
  readonly clocksDiffer: boolean;
  private readonly told: readonly Sight[];
  private readonly delaysOf: readonly ReadonlyMap<Kind, number>[];
  private readonly reads: (cause: Kind) => Reads;
  private readonly someRead: boolean;
  private readonly possible: ReadonlySet<Kind>;

  /** @param clocksDiffer whether clocks may put causes behind their effects */
  constructor(
    effect: Kind,
    sights: readonly Sight[],
    reads: (cause: Kind) => Reads,
    shifts: ClockShifts,
    clocksDiffer: boolean,
  ) {
    this.clocksDiffer = clocksDiffer;
    this.reads = reads;
    this.effect = effect;
    const named = sights.filter((sight) => sight.named !== undefined && sight.named !== 'nobody');
    const vain = sights.filter((sight) => sight.named === 'nobody').length;
    this.nameNobody = vain >= fewest / 2 && vain >= 4 * named.length;
    // What most events of a kind say themselves is believed of the rest.
    this.isTold = named.length * 2 >= sights.length - vain && named.length >= fewest / 2;
    this.told = this.isTold ? named : sights;
    this.delaysOf = this.told.map(
      ({ others }) => new Map(others.map(({ kind, delay }) => [kind, delay - shifts.shift(effect, kind)])),
    );
    const all = new Set(this.delaysOf.flatMap((delays) => [...delays.keys()]));
    const open = [...all].filter((kind) => kind !== effect && this.isPossible(kind)).sort(byKey);
    const read = open.filter((kind) => reads(kind).is === 'yes');
    this.someRead = read.length > 0;
    // Who says who it is can only have handled what it consumes.
    const possible = effect.producer !== undefined && this.covers(read) && !this.isTold ? read : open;
    this.possible = new Set(possible);
    const before = (own: ReadonlyMap<Kind, number>) =>
      [...own].some(
        ([kind, delay]) =>
          kind !== effect && (delay >= 0 || (this.possible.has(kind) && this.counts(kind, delay))),
      );
    this.company = this.delaysOf.filter(before).length;
    this.singles = possible
      .map((kind) => this.try([kind]))
      .filter(({ count }) => count >= 3)
      .sort(this.byWorth);
    this.joined = this.isTold || !clocksDiffer ? [] : this.findPairs().sort(this.byWorth);
  }

  get size(): number {
    return this.told.length;
  }

  /** Whether one of these kinds is before most events that have any company. */
  private covers(kinds: readonly Kind[]): boolean {
    const before = (own: ReadonlyMap<Kind, number>, kind: Kind) => (own.get(kind) ?? -1) >= 0;
    const company = this.delaysOf.filter((own) => [...own.values()].some((delay) => delay >= 0));
    const covered = company.filter((own) => kinds.some((kind) => before(own, kind)));
    return covered.length > 0 && covered.length >= company.length / 2;
  }

  /** What is gained over its whole sample by believing it. */
  weightOf(trial: Trial): number {
    return (this.isTold ? 100 : this.worthOf(trial) - unexplained) * Math.max(1, this.company);
  }

  private readonly byWorth = (a: Trial, b: Trial): number =>
    this.worthOf(b) - this.worthOf(a) || byKey(a.kinds[0] as Kind, b.kinds[0] as Kind);

  private worthOf({ fit, count }: Trial): number {
    return fit - absence * Math.max(0, 1 - missed - count / Math.max(this.company, count));
  }

  private isPossible(cause: Kind): boolean {
    const { is } = this.reads(cause);
    if (this.isTold) return true;
    if (is === 'no' || is === 'unread') return false;
    const isOwn = is === 'own' || (cause.producer !== undefined && cause.producer === this.effect.producer);
    if (is === 'yes' && !isOwn) return true;
    const delays = this.delaysOf.flatMap((own) => own.get(cause) ?? []).map(Math.abs);
    // What is published in one go is neither cause nor effect of each other: no broker is that fast.
    return median(delays) > (isOwn ? sameHandling : inOneGo);
  }

  /**
   * Tries what causes it. With `only`, over these sights. `moved` is added to the delays of each kind, for clocks that may
   * differ.
   */
  try(kinds: readonly Kind[], only?: readonly boolean[], moved?: readonly number[]): Trial {
    const delays = this.told.map((sight, i) => {
      if (only?.[i] === false) return undefined;
      if (this.isTold && sight.named !== kinds[0]) return undefined;
      const own: number[] = [];
      for (const [at, kind] of kinds.entries()) {
        const delay = this.delaysOf[i]?.get(kind);
        if (delay === undefined || !this.counts(kind, delay)) return undefined;
        own.push(delay + (moved?.[at] ?? 0));
      }
      return Math.min(...own);
    });
    const seen = delays.filter((delay) => delay !== undefined);
    const densities = logDensities(seen);
    let at = 0;
    const fits = delays.map((delay) => (delay === undefined ? unexplained : (densities[at++] as number)));
    const meanOf = (what: (kind: Kind) => number) => mean(kinds.map(what));
    const near = kinds.length === 1 && this.timesNearest(kinds[0] as Kind) >= seen.length * 0.9;
    const middle = median(seen);
    const direction = directionOf(seen);
    const fit =
      (mean(densities) || 0) +
      meanOf((kind) => this.bonus(kind)) +
      meanOf((kind) => wordedOrder(kind.type, this.effect.type)) +
      (near ? nearness : 0) +
      (this.clocksDiffer ? direction : 0) -
      (!this.isTold && middle < 0 ? againstTime : 0);
    return { kinds, delays, fits, fit, middle, direction, count: seen.length };
  }

  /**
   * Two causes that it waits for, where that explains more than either. By how much their clocks differ is not known: each
   * difference between them that was seen is tried, and the best is taken.
   */
  private findPairs(): Trial[] {
    const few = this.singles.filter(({ count }) => count >= fewest).slice(0, pairedMost);
    return few.flatMap((a, i) =>
      few.slice(i + 1).flatMap((b) => {
        const kinds = [a.kinds[0] as Kind, b.kinds[0] as Kind];
        const differences = a.delays
          .flatMap((delay, at) =>
            delay === undefined || b.delays[at] === undefined ? [] : [delay - b.delays[at]],
          )
          .sort((x, y) => x - y);
        if (differences.length < Math.max(fewest, 0.75 * Math.max(a.count, b.count))) return [];
        let best: Trial | undefined;
        for (let part = 1; part < 10; part++) {
          const moved = [0, differences[Math.floor((differences.length * part) / 10)] as number];
          const joined = this.try(kinds, undefined, moved);
          if (takeTurns(joined, a) && (!best || joined.fit > best.fit)) best = joined;
        }
        return best && best.fit > Math.max(a.fit, b.fit) + pairGain ? [best] : [];
      }),
    );
  }

  /** Whether what lies so long before an event may be its cause: below 0 as far as clocks may differ. */
  private counts(kind: Kind, delay: number): boolean {
    if (delay >= 0 || this.isTold) return true;
    if (shareClock(kind, this.effect)) return false;
    const isRead = this.reads(kind).is === 'yes';
    if (delay >= -late && isRead && isTimedLate(kind) && !isTimedLate(this.effect)) return true;
    return this.clocksDiffer && delay >= -skew && (this.effect.producer === undefined || isRead);
  }

  /** Pairs of delays of two kinds, where both are in one trace and the first may be the cause. */
  pairs(a: Kind, b: Kind): { readonly a: number; readonly b: number }[] {
    return this.delaysOf.flatMap((own) => {
      const [ofA, ofB] = [own.get(a), own.get(b)];
      return ofA === undefined || ofB === undefined || !this.counts(a, ofA) ? [] : [{ a: ofA, b: ofB }];
    });
  }

  /** Whether events of this kind mostly come in numbers, and all of them before the effect, or there is one effect of all. */
  gathers(kind: Kind): boolean {
    let several = 0;
    let all = 0;
    let later = 0;
    let alone = 0;
    for (const { others } of this.told) {
      const other = others.find((one) => one.kind === kind);
      if (!other) continue;
      all++;
      if (other.before + other.after < 2) continue;
      several++;
      if (other.after > 0) later++;
      if (!others.some((one) => one.kind === this.effect)) alone++;
    }
    if (several < fewest / 2 || several < all * 0.3) return false;
    return later <= several * 0.05 || (this.isTold && alone >= several * 0.9);
  }

  /** Kinds that are named in turn, while those that are not named are there, too: what names them waits for all of them. */
  toldJoins(follows: (kind: Kind, from: Kind) => boolean): ReadonlyMap<Kind, readonly Kind[]> {
    const areApart = (a: Kind, b: Kind) =>
      a !== b && ![a, b].includes(this.effect) && a.type !== b.type && !follows(a, b) && !follows(b, a);
    const byNamed = Map.groupBy(
      this.told.map(({ named }, i) => ({ kind: named as Kind, present: this.delaysOf[i]! })),
      ({ kind }) => kind,
    );
    const least = Math.max(3, this.told.length * 0.08);
    const often = [...byNamed].filter(([, sights]) => sights.length >= least);
    const withOther = (of: readonly { readonly present: ReadonlyMap<Kind, number> }[], other: Kind) =>
      of.filter(({ present }) => present.has(other)).length >= of.length * 0.75;
    return new Map(
      often.map(([kind, sights]) => [
        kind,
        often
          .filter(([other, its]) => areApart(kind, other) && withOther(sights, other) && withOther(its, kind))
          .map(([other]) => other)
          .sort(byKey),
      ]),
    );
  }

  /** How often nothing else that may be the cause came between. */
  private timesNearest(kind: Kind): number {
    return this.delaysOf.filter((own) => {
      const delay = own.get(kind);
      if (delay === undefined || delay < 0) return false;
      for (const [other, between] of own) {
        if (between >= 0 && between < delay && other !== kind && this.possible.has(other)) return false;
      }
      return true;
    }).length;
  }

  private bonus(kind: Kind): number {
    if (this.reads(kind).is === 'yes' || !this.someRead) return 0;
    return -consumesBonus;
  }
}

/** Whether another cause that is waited for, too, is the last now and then, and not nearly always. */
export function takeTurns(joined: Trial, alone: Trial): boolean {
  const isLast = joined.delays.filter((delay, i) => delay !== undefined && delay !== alone.delays[i]).length;
  return isLast >= joined.count * 0.1 && isLast <= joined.count * 0.9;
}

/** What is timed when it was seen has a time this much too late at most, ms. */
const late = 50;
/** A cause is there nearly each time: so many may be missed, and what else is missing counts against it. */
const missed = 0.15;
const absence = 12;

/** Events mostly less apart than this were published by one handling, ms. */
const inOneGo = 2;
/** Two events of one producer less apart than this were published while handling the same, ms. */
const sameHandling = 250;

/** RabbitMQ says no time: its messages have that of their arrival. */
function isTimedLate({ channel: { system, kind } }: Kind): boolean {
  return system === 'rabbitmq' || kind === 'pubsub';
}

/** Order that does not depend on when kinds were seen first. */
export function byKey(a: Kind, b: Kind): number {
  return a.key < b.key ? -1 : 1;
}

/** Above 0 where the delays look like those from cause to effect, below 0 where they look like the reverse. */
function directionOf(delays: readonly number[]): number {
  // By chance it is a standard error away from 0.
  const errors = tailOf(delays) * Math.sqrt(delays.length);
  const beyond = Math.sign(errors) * Math.max(0, Math.abs(errors) - 1);
  return directionBonus * Math.max(-1, Math.min(1, beyond));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
