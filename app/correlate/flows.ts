import { logDensities, median, rangeOf } from './delays.ts';
import type { Kind } from './kinds.ts';
import type { Reads } from './subscriptions.ts';

/**
 * What usually causes what, learned from the traces themselves.
 *
 * Where events name no cause, many traces of the same flow tell more than one: what an event waits for is before it each
 * time, and the delay between them varies less than to anything before the cause, or beside it. Of each kind of event a
 * bounded sample is kept (those whose numbers hash lowest, so that it does not depend on the order of arrival) of what
 * was before it, and how long. The kinds that explain the sample best are its causes.
 */
export interface Flows {
  /** Takes down what an event may be caused by. Replaces what was taken down of it before. */
  observe(effect: Kind, sight: Sight): void;
  /** Whether an event of this number would be kept in the sample. */
  wants(effect: Kind, seq: number): boolean;
  /** Learns anew from what was taken down since. Returns the kinds of which something else is believed now. */
  learn(): ReadonlySet<Kind>;
  /** What causes events of a kind; undefined while too few were seen. */
  causesOf(effect: Kind): LearnedCauses | undefined;
  /** Consumers changed: all is to be learned anew. */
  forgetReaders(): void;
}

/** One event, and what else is in its trace: of each kind the nearest before it, else the nearest after. */
export interface Sight {
  readonly seq: number;
  /** How long before the event they were, ms; below 0 for what came after it. */
  readonly others: readonly { readonly kind: Kind; readonly delay: number }[];
  /** The kind of its cause, where it names one. */
  readonly named?: Kind;
}

export interface LearnedCauses {
  /** The more frequent first. */
  readonly alternatives: readonly Alternative[];
  /** They explain nearly all of the sample: where none of them is there, the cause is rather missing than another. */
  readonly isComplete: boolean;
}

/** Kinds that cause an event: one, or several that it waits for. */
export interface Alternative {
  readonly kinds: readonly Kind[];
  /** Delays that were seen, ms; of several kinds, since the last. */
  readonly least: number;
  readonly most: number;
  /** How surely this and nothing else is the cause, 0 to 1, in twentieths. */
  readonly confidence: number;
}

/** Fewer say nothing. */
const fewest = 8;
const sampleSize = 160;
/** Logarithm of the density of an effect that nothing explains: worse than a cause a day before. */
const unexplained = -19;
/** What one step of knowledge weighs against delays, in the same measure. */
const consumesBonus = 1.5;
const maxAlternatives = 4;

interface Sample {
  readonly sights: Map<number, Sight>;
  /** Hashes of their numbers beyond which nothing is kept. */
  bound: number;
  fresh: boolean;
  causes: LearnedCauses | undefined;
  says: string;
}

export function createFlows(reads: (effect: Kind, cause: Kind) => Reads): Flows {
  const samples = new Map<Kind, Sample>();

  function sampleOf(kind: Kind): Sample {
    let sample = samples.get(kind);
    if (!sample) {
      sample = { sights: new Map(), bound: Infinity, fresh: false, causes: undefined, says: '' };
      samples.set(kind, sample);
    }
    return sample;
  }

  function trim(sample: Sample): void {
    const kept = [...sample.sights.keys()].sort((a, b) => scatter(a) - scatter(b));
    for (const seq of kept.slice(sampleSize)) sample.sights.delete(seq);
    sample.bound = scatter(kept[sampleSize - 1] as number);
  }

  function understand(kind: Kind, { sights }: Sample, mayBeLater: Prior['mayBeLater']): LearnedCauses | undefined {
    if (sights.size < fewest) return undefined;
    const inOrder = [...sights.values()].sort((a, b) => a.seq - b.seq);
    return explain(kind, inOrder, { reads: (cause) => reads(kind, cause), mayBeLater });
  }

  /** Whether events of a kind are effects of another's, over any number of links. */
  function follows(kind: Kind, from: Kind): boolean {
    const seen = new Set([kind]);
    for (const at of seen) {
      if (at === from) return true;
      for (const { kinds } of samples.get(at)?.causes?.alternatives ?? []) for (const one of kinds) seen.add(one);
    }
    return false;
  }

  return {
    wants: (effect, seq) => scatter(seq) <= (samples.get(effect)?.bound ?? Infinity),
    observe(effect, sight) {
      const sample = sampleOf(effect);
      const known = sample.sights.get(sight.seq);
      if (known !== undefined && isSame(known, sight)) return;
      sample.sights.set(sight.seq, sight);
      sample.fresh = true;
      if (sample.sights.size > sampleSize * 1.25) trim(sample);
    },
    learn() {
      const stale = [...samples].filter(([, sample]) => sample.fresh);
      for (const [kind, sample] of stale) {
        sample.fresh = false;
        if (sample.sights.size > sampleSize) trim(sample);
        sample.causes = understand(kind, sample, () => false);
      }
      // What comes before everything else by its clock may still be an effect, unless that follows from it.
      for (const [kind, sample] of stale) {
        const { causes } = sample;
        if (!causes || (causes.isComplete && causes.alternatives.length > 0)) continue;
        sample.causes = understand(kind, sample, (cause) => !follows(cause, kind));
      }
      const changed = new Set<Kind>();
      for (const [kind, sample] of stale) {
        const says = textOf(sample.causes);
        if (says !== sample.says) changed.add(kind);
        sample.says = says;
      }
      return changed;
    },
    causesOf: (effect) => samples.get(effect)?.causes,
    forgetReaders() {
      for (const sample of samples.values()) sample.fresh = true;
    },
  };
}

/** Numbers in an order of their own, the same each time. */
function scatter(seq: number): number {
  let h = Math.imul(seq ^ (seq >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

function isSame(a: Sight, b: Sight): boolean {
  return (
    a.named === b.named &&
    a.others.length === b.others.length &&
    a.others.every(({ kind, delay }, i) => b.others[i]?.kind === kind && b.others[i].delay === delay)
  );
}

function textOf(causes: LearnedCauses | undefined): string {
  if (!causes) return '';
  const alternatives = causes.alternatives.map(
    ({ kinds, least, most, confidence }) => `${kinds.map(({ key }) => key).join('+')} ${least} ${most} ${confidence}`,
  );
  return `${causes.isComplete}: ${alternatives.join(', ')}`;
}

/** A cause that is tried: how well each sight fits it. */
interface Trial {
  readonly kinds: readonly Kind[];
  /** By sight; undefined where it was not there. */
  readonly delays: readonly (number | undefined)[];
  readonly fits: readonly number[];
  /** The mean of where it was there, with what is known of consumers. */
  readonly fit: number;
  /** How often it was there. */
  readonly count: number;
}

/** Which causes may be tried, and what speaks for each beside the delays. */
interface Prior {
  readonly reads: (cause: Kind) => Reads;
  /** Whether the cause may be later by its clock: nothing else leads from the effect to it. */
  readonly mayBeLater: (cause: Kind) => boolean;
}

class Trials {
  private readonly told: readonly Sight[];
  readonly isTold: boolean;
  private readonly delaysOf: readonly ReadonlyMap<Kind, number>[];
  readonly kinds: readonly Kind[];
  /** Sights that had any company before them. */
  readonly company: number;
  private readonly prior: Prior;
  private readonly someRead: boolean;

  constructor(sights: readonly Sight[], prior: Prior) {
    this.prior = prior;
    const named = sights.filter((sight) => sight.named !== undefined);
    // What most events of a kind say themselves is believed of the rest.
    this.isTold = named.length * 2 >= sights.length;
    this.told = this.isTold ? named : sights;
    this.delaysOf = this.told.map(({ others }) => new Map(others.map(({ kind, delay }) => [kind, delay])));
    const all = new Set(this.delaysOf.flatMap((delays) => [...delays.keys()]));
    this.kinds = [...all].filter((kind) => this.isPossible(kind)).sort(byKey);
    this.someRead = this.kinds.some((kind) => prior.reads(kind).is === 'yes');
    this.company = this.delaysOf.filter((own) => [...own].some(([kind, delay]) => this.counts(kind, delay))).length;
  }

  get size(): number {
    return this.told.length;
  }

  private isPossible(cause: Kind): boolean {
    const { is } = this.prior.reads(cause);
    if (is === 'no') return false;
    if (is !== 'own') return true;
    const delays = this.delaysOf.flatMap((own) => own.get(cause) ?? []);
    return median(delays.filter((delay) => delay >= 0)) > sameHandling;
  }

  try(kinds: readonly Kind[], only?: readonly boolean[]): Trial {
    const delays = this.told.map((sight, i) => {
      if (only?.[i] === false) return undefined;
      if (this.isTold && sight.named !== kinds[0]) return undefined;
      const own: number[] = [];
      for (const kind of kinds) {
        const delay = this.delaysOf[i]?.get(kind);
        if (delay === undefined || !this.counts(kind, delay)) return undefined;
        own.push(delay);
      }
      return Math.min(...own);
    });
    const seen = delays.filter((delay) => delay !== undefined);
    const densities = logDensities(seen);
    let at = 0;
    const fits = delays.map((delay) => (delay === undefined ? unexplained : (densities[at++] as number)));
    const knowledge = kinds.reduce((sum, kind) => sum + this.bonus(kind), 0) / kinds.length;
    const fit = (mean(densities) || 0) + knowledge;
    return { kinds, delays, fits, fit, count: seen.length };
  }

  /** Whether what lies so long before an event may be its cause. */
  private counts(kind: Kind, delay: number): boolean {
    return delay >= 0 || (delay >= -skew && this.prior.mayBeLater(kind));
  }

  /** Pairs of delays of two kinds, where both are in one trace and the first may be the cause. */
  pairs(a: Kind, b: Kind): { readonly a: number; readonly b: number }[] {
    return this.delaysOf.flatMap((own) => {
      const [ofA, ofB] = [own.get(a), own.get(b)];
      return ofA === undefined || ofB === undefined || !this.counts(a, ofA) ? [] : [{ a: ofA, b: ofB }];
    });
  }

  private bonus(kind: Kind): number {
    return this.prior.reads(kind).is === 'yes' || !this.someRead ? 0 : -consumesBonus;
  }
}

/** How far clocks of machines are taken to differ, ms: where it is known who consumes what, effects may precede causes. */
export const skew = 3_000;
/** A cause is there nearly each time: so many may be missed, and what else is missing counts against it. */
const missed = 0.15;
const absence = 12;

/** Two events of one producer less apart than this were published while handling the same, ms. */
const sameHandling = 250;

function byKey(a: Kind, b: Kind): number {
  return a.key < b.key ? -1 : 1;
}

function explain(effect: Kind, sights: readonly Sight[], prior: Prior): LearnedCauses {
  const trials = new Trials(sights, prior);
  let left = trials.kinds;
  const alternatives: Alternative[] = [];
  const open = sights.map(() => true);
  let explained = 0;
  while (alternatives.length < maxAlternatives && left.length > 0) {
    const isFirst = alternatives.length === 0;
    // Later ones only explain what is unexplained so far.
    const round = left.map((kind) => trials.try([kind], open)).filter(({ count }) => count >= 3);
    const worth = isFirst
      ? ({ fit, count }: Trial) => fit - absence * Math.max(0, 1 - missed - count / trials.company)
      : ({ fit, count }: Trial) => (fit - unexplained) * count;
    const [first, ...rest] = round.sort(
      (a, b) => worth(b) - worth(a) || byKey(a.kinds[0] as Kind, b.kinds[0] as Kind),
    );
    if (!first) break;
    const chosen = isFirst && !trials.isTold ? joinOf(first, rest, trials) : first;
    if (chosen.count < trials.company * (isFirst ? 0.25 : 0.12)) break;
    chosen.fits.forEach((fit, i) => {
      if (fit > unexplained) open[i] = false;
    });
    explained += chosen.count;
    const confidence = trials.isTold ? 0.95 : surenessOf(first, rest, isFirst && chosen.kinds[0] !== effect);
    alternatives.push({
      kinds: chosen.kinds,
      ...rangeOf(chosen.delays.filter((delay) => delay !== undefined)),
      confidence,
    });
    left = left.filter((kind) => !chosen.kinds.includes(kind));
  }
  return { alternatives, isComplete: explained >= trials.company * 0.7 };
}

const most = 4;
/** How often chance alone should have put one of them after the effect, so that it says something that it never was. */
const expectedAfter = 4;

/**
 * Several causes, if an effect waits for all: each is the last now and then, and none ever comes after the effect, though
 * it often would if they had nothing to do with each other.
 */
function joinOf(first: Trial, rest: readonly Trial[], trials: Trials): Trial {
  let best = first;
  for (const other of rest) {
    if (best.kinds.length >= most) break;
    const kind = other.kinds[0] as Kind;
    const joined = trials.try([...best.kinds, kind]);
    if (joined.count < fewest || joined.count < best.count * 0.8) continue;
    const isLast = joined.delays.filter((delay, i) => delay !== undefined && delay !== best.delays[i]).length;
    if (isLast < joined.count * 0.1 || isLast > joined.count * 0.9) continue;
    if (best.kinds.every((one) => waitsFor(trials.pairs(one, kind))) && joined.fit > best.fit - 0.1) best = joined;
  }
  return best;
}

function waitsFor(pairs: readonly { readonly a: number; readonly b: number }[]): boolean {
  const after = pairs.filter(({ b }) => b < 0).length;
  const delays = pairs.map(({ a }) => a).sort((a, b) => a - b);
  // How long the second is after the first, against how long the effect is after the first.
  let expected = 0;
  for (const { a, b } of pairs) expected += below(delays, a - b) / delays.length;
  return expected >= expectedAfter && after <= expected / 10;
}

/** How many of the sorted values are below one. */
function below(sorted: readonly number[], value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * From how surely the best explains more than the next best: by how many deviations, over the same events. What only
 * explains a rest, or events by others of their own kind, is a guess.
 */
function surenessOf(first: Trial, rest: readonly Trial[], isUsual: boolean): number {
  const [second] = rest;
  if (!isUsual) return 0.5;
  if (!second) return 0.9;
  const both = first.fits.flatMap((fit, i) =>
    fit > unexplained && (second.fits[i] as number) > unexplained ? [fit - (second.fits[i] as number)] : [],
  );
  const missing = 1 - both.length / first.count;
  const sure = missing > 0.5 ? 4 : deviations(both);
  return sure >= 4 ? 0.95 : sure >= 2.5 ? 0.9 : sure >= 1.5 ? 0.8 : sure >= 0.5 ? 0.65 : 0.55;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By how many standard errors the mean is above zero. Single values count for little: they may be of another flow. */
function deviations(values: readonly number[]): number {
  const bounded = values.map((value) => Math.min(6, Math.max(-6, value)));
  const middle = mean(bounded);
  const spread = Math.sqrt(mean(bounded.map((value) => (value - middle) ** 2)));
  return spread === 0 ? Math.sign(middle) * Infinity : (middle / spread) * Math.sqrt(values.length);
}
