import type { ClockOffset } from '../model/clock.ts';
import { clockOffsets, type StatedDelay } from './clock-skew.ts';
import { logDensities, median, rangeOf } from './delays.ts';
import { wordedOrder } from './wording.ts';
import { shareClock, type Kind } from './kind.ts';
import type { Reads } from './subscriptions.ts';

/**
 * What usually causes what, learned from the traces themselves.
 *
 * Where events name no cause, many traces of the same flow tell more than one: what an event waits for is before it each
 * time, and the delay between them varies less than to anything before the cause, or beside it. Of each kind of event a
 * bounded sample is kept (those whose names hash lowest, so that it does not depend on the order of arrival) of what
 * was before it, and how long. The kinds that explain the sample best are its causes.
 */
export interface Flows {
  /** Takes down what an event may be caused by. Replaces what was taken down of it before. */
  observe(effect: Kind, sight: Sight): void;
  /** Forgets what was taken down of an event: it turned out to be alone. */
  forget(effect: Kind, hash: number): void;
  /** Whether an event whose name has this hash would be kept in the sample. */
  wants(effect: Kind, hash: number): boolean;
  /** Learns anew from what was taken down since. Returns the kinds of which something else is believed now. */
  learn(): ReadonlySet<Kind>;
  /** What causes events of a kind; undefined while too few were seen. */
  causesOf(effect: Kind): LearnedCauses | undefined;
  /** Whether stated causes prove that clocks differ, so that order in time says little. */
  clocksDiffer(): boolean;
  /** Which clocks differ, and how far, as the stated causes of the sample prove. */
  clockOffsets(): readonly ClockOffset[];
  /** Consumers changed: all is to be learned anew. */
  forgetReaders(): void;
}

/** One event, and what else is in its trace: of each kind the nearest before it, else the nearest after. */
export interface Sight {
  /** Of its name: the same in every store. */
  readonly hash: number;
  readonly others: readonly Other[];
  /** The kind of its cause, where it names one that is there; `nobody` if it names one that is not. */
  readonly named?: Kind | 'nobody';
  /** Where it names causes, what they tell of clocks. */
  readonly delays?: readonly StatedDelay[];
}

/** The events of a kind that are in a trace with another. */
export interface Other {
  readonly kind: Kind;
  /** How long before the event the nearest was, ms; below 0 for what came after it. */
  readonly delay: number;
  /** How many of them came before, and after. */
  readonly before: number;
  readonly after: number;
}

export interface LearnedCauses {
  /** The more frequent first. */
  readonly alternatives: readonly Alternative[];
  /** They name causes, but what they name is not observed: a command inside of a service, a span. */
  readonly nameNobody: boolean;
}

/** Kinds that cause an event: one, or several that it waits for. */
export interface Alternative {
  readonly kinds: readonly Kind[];
  /** Delays that were seen, ms; of several kinds, since the last. */
  readonly least: number;
  readonly most: number;
  /** How surely this and nothing else is the cause, 0 to 1, in twentieths. */
  readonly confidence: number;
  /** It waits for all events of its cause's kind that have one cause themselves: scattered, then gathered. */
  readonly gathers: boolean;
}

/** Fewer say nothing. */
const fewest = 8;
const sampleSize = 160;
/** Logarithm of the density of an effect that nothing explains: worse than a cause a day before. */
const unexplained = -19;
/** What one step of knowledge weighs against delays, in the same measure. */
const consumesBonus = 1.5;
/** What it weighs that nothing else came between, each time. Where delays tell nothing, the nearer is the cause. */
const nearness = 0.6;
const maxAlternatives = 4;

interface Sample {
  readonly sights: Map<number, Sight>;
  /** Hashes of their numbers beyond which nothing is kept. */
  bound: number;
  fresh: boolean;
  trials: Trials | undefined;
  causes: LearnedCauses | undefined;
  says: string;
}

export interface Readers {
  /** Whether events of one kind may cause those of another, as far as it is known who consumes what. */
  readonly reads: (effect: Kind, cause: Kind) => Reads;
  /** Whether a producer is known to consume anything. */
  readonly consumes: (producer: string) => boolean;
}

export function createFlows({ reads, consumes }: Readers): Flows {
  const samples = new Map<Kind, Sample>();
  let agreed = false;
  let clocksDiffer = false;
  /** Undefined once something else was taken down. */
  let offsets: readonly ClockOffset[] | undefined;

  function sampleOf(kind: Kind): Sample {
    let sample = samples.get(kind);
    if (!sample) {
      sample = {
        sights: new Map(),
        bound: Infinity,
        fresh: false,
        trials: undefined,
        causes: undefined,
        says: '',
      };
      samples.set(kind, sample);
    }
    return sample;
  }

  function trim(sample: Sample): void {
    const kept = [...sample.sights.keys()].sort((a, b) => a - b);
    for (const hash of kept.slice(sampleSize)) sample.sights.delete(hash);
    sample.bound = kept[sampleSize - 1] as number;
  }

  /** Whether events of a kind are effects of another's, over any number of links. */
  function follows(kind: Kind, from: Kind): boolean {
    const seen = new Set([kind]);
    for (const at of seen) {
      if (at === from) return true;
      for (const { kinds } of samples.get(at)?.causes?.alternatives ?? [])
        for (const one of kinds) seen.add(one);
    }
    return false;
  }

  /** Whether producers and consumers go by the same names, so that one who is not among a channel's consumers is none. */
  function namesAgree(): boolean {
    const producers = new Set([...samples.keys()].flatMap(({ producer }) => producer ?? []));
    const known = [...producers].filter(consumes).length;
    return known >= 2 && known * 2 >= producers.size;
  }

  /** Whether causes that are stated have a later time than their effects: then order in time proves little. */
  function doClocksDiffer(): boolean {
    for (const { sights } of samples.values()) {
      const delays: number[] = [];
      for (const { named, others } of sights.values()) {
        const cause = others.find(({ kind }) => kind === named);
        if (cause) delays.push(cause.delay);
      }
      if (delays.length >= fewest / 2 && median(delays) < -noticed) return true;
    }
    return false;
  }

  return {
    wants: (effect, hash) => hash <= (samples.get(effect)?.bound ?? Infinity),
    observe(effect, sight) {
      const sample = sampleOf(effect);
      const known = sample.sights.get(sight.hash);
      if (known !== undefined && isSame(known, sight)) return;
      sample.sights.set(sight.hash, sight);
      if (known?.delays ?? sight.delays) offsets = undefined;
      sample.fresh = true;
      if (sample.sights.size > sampleSize * 1.25) trim(sample);
    },
    forget(effect, hash) {
      const sample = samples.get(effect);
      if (sample?.sights.delete(hash) !== true) return;
      sample.fresh = true;
      offsets = undefined;
    },
    learn() {
      let isFresh = false;
      const agree = namesAgree();
      const differ = doClocksDiffer();
      if (agree !== agreed || differ !== clocksDiffer)
        for (const sample of samples.values()) sample.fresh = true;
      agreed = agree;
      clocksDiffer = differ;
      const readsAs = (kind: Kind) => (cause: Kind) => {
        const answer = reads(kind, cause);
        return answer.is === 'unlikely' ? ({ is: agree ? 'no' : 'unknown' } as const) : answer;
      };
      for (const [kind, sample] of samples) {
        if (!sample.fresh) continue;
        isFresh = true;
        sample.fresh = false;
        if (sample.sights.size > sampleSize) trim(sample);
        const inOrder = [...sample.sights.values()].sort((a, b) => a.hash - b.hash);
        sample.trials =
          inOrder.length < fewest ? undefined : new Trials(kind, inOrder, readsAs(kind), clocksDiffer);
      }
      if (!isFresh) return new Set();
      // The surest first: what they say rules out whatever would make a circle with it.
      const known = [...samples].filter(([, { trials }]) => trials !== undefined);
      known.sort(
        ([a, { trials: ofA }], [b, { trials: ofB }]) => (ofB?.worth ?? 0) - (ofA?.worth ?? 0) || byKey(a, b),
      );
      for (const sample of samples.values()) sample.causes = undefined;
      for (const [kind, sample] of known) {
        sample.causes = explain(sample.trials as Trials, (cause) => !follows(cause, kind));
      }
      const changed = new Set<Kind>();
      for (const [kind, sample] of samples) {
        const says = textOf(sample.causes);
        if (says !== sample.says) changed.add(kind);
        sample.says = says;
      }
      return changed;
    },
    clocksDiffer: () => clocksDiffer,
    clockOffsets() {
      if (offsets) return offsets;
      const all: StatedDelay[] = [];
      for (const sample of samples.values()) {
        if (sample.sights.size > sampleSize) trim(sample);
        for (const { delays } of sample.sights.values()) if (delays) all.push(...delays);
      }
      offsets = clockOffsets(all);
      return offsets;
    },
    causesOf: (effect) => samples.get(effect)?.causes,
    forgetReaders() {
      for (const sample of samples.values()) sample.fresh = true;
    },
  };
}

function isSame(a: Sight, b: Sight): boolean {
  return (
    a.named === b.named &&
    areSameDelays(a.delays, b.delays) &&
    a.others.length === b.others.length &&
    a.others.every((one, i) => isSameOther(one, b.others[i] as Other))
  );
}

function areSameDelays(a: Sight['delays'], b: Sight['delays']): boolean {
  if (a?.length !== b?.length) return false;
  return a?.every(({ cause, delay }, i) => cause === b?.[i]?.cause && delay === b[i].delay) ?? true;
}

function isSameOther(a: Other, b: Other): boolean {
  return a.kind === b.kind && a.delay === b.delay && a.before === b.before && a.after === b.after;
}

function textOf(causes: LearnedCauses | undefined): string {
  if (!causes) return '';
  const alternatives = causes.alternatives.map(
    ({ kinds, least, most, confidence, gathers }) =>
      `${kinds.map(({ key }) => key).join('+')} ${least} ${most} ${confidence} ${gathers}`,
  );
  return `${causes.nameNobody}: ${alternatives.join(', ')}`;
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

/** What a sample of a kind's events tells of their causes, each kind tried alone. */
class Trials {
  readonly isTold: boolean;
  readonly nameNobody: boolean;
  /** Sights with others before them, or perhaps before them. */
  readonly company: number;
  /** The better first. */
  readonly singles: readonly Trial[];
  private readonly told: readonly Sight[];
  private readonly delaysOf: readonly ReadonlyMap<Kind, number>[];
  private readonly reads: (cause: Kind) => Reads;
  private readonly effect: Kind;
  private readonly someRead: boolean;
  private readonly possible: ReadonlySet<Kind>;
  private readonly clocksDiffer: boolean;

  constructor(effect: Kind, sights: readonly Sight[], reads: (cause: Kind) => Reads, clocksDiffer: boolean) {
    this.clocksDiffer = clocksDiffer;
    this.reads = reads;
    this.effect = effect;
    const named = sights.filter((sight) => sight.named !== undefined && sight.named !== 'nobody');
    const vain = sights.filter((sight) => sight.named === 'nobody').length;
    this.nameNobody = vain >= fewest / 2 && vain >= 4 * named.length;
    // What most events of a kind say themselves is believed of the rest.
    this.isTold = named.length * 2 >= sights.length - vain && named.length >= fewest / 2;
    this.told = this.isTold ? named : sights;
    this.delaysOf = this.told.map(({ others }) => new Map(others.map(({ kind, delay }) => [kind, delay])));
    const all = new Set(this.delaysOf.flatMap((delays) => [...delays.keys()]));
    const open = [...all].filter((kind) => kind !== effect && this.isPossible(kind)).sort(byKey);
    const read = open.filter((kind) => reads(kind).is === 'yes');
    this.someRead = read.length > 0;
    // Who says who it is can only have handled what it consumes.
    const possible = effect.producer !== undefined && this.covers(read) && !this.isTold ? read : open;
    this.possible = new Set(possible);
    const before = (own: ReadonlyMap<Kind, number>) =>
      [...own].some(([kind, delay]) => kind !== effect && delay >= 0);
    this.company = this.delaysOf.filter(before).length;
    this.singles = possible
      .map((kind) => this.try([kind]))
      .filter(({ count }) => count >= 3)
      .sort(this.byWorth);
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

  /** How well its best cause explains it; what is told is surest. */
  get worth(): number {
    const [best] = this.singles;
    return best === undefined ? -Infinity : this.isTold ? 100 : this.worthOf(best);
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
    const wording =
      kinds.reduce((sum, kind) => sum + wordedOrder(kind.type, this.effect.type), 0) / kinds.length;
    const near =
      kinds.length === 1 && this.timesNearest(kinds[0] as Kind) >= seen.length * 0.9 ? nearness : 0;
    const fit = (mean(densities) || 0) + knowledge + wording + near - this.costOfClocks(kinds, seen);
    return { kinds, delays, fits, fit, count: seen.length };
  }

  /** Whether what lies so long before an event may be its cause: below 0 only where clocks are known to differ. */
  private counts(kind: Kind, delay: number): boolean {
    if (delay >= 0 || this.isTold) return true;
    if (shareClock(kind, this.effect)) return false;
    const isRead = this.reads(kind).is === 'yes';
    if (delay >= -late && isRead && isTimedLate(kind) && !isTimedLate(this.effect)) return true;
    if (!this.clocksDiffer || delay < -skew) return false;
    return this.effect.producer === undefined || isRead;
  }

  /** What it takes to believe that clocks put causes behind their effects; less where it is known who consumes what. */
  private costOfClocks(kinds: readonly Kind[], delays: readonly number[]): number {
    if (this.isTold || median(delays) >= 0) return 0;
    return kinds.every((kind) => this.reads(kind).is === 'yes') ? 1 : 2;
  }

  /** Pairs of delays of two kinds, where both are in one trace and the first may be the cause. */
  pairs(a: Kind, b: Kind): { readonly a: number; readonly b: number }[] {
    return this.delaysOf.flatMap((own) => {
      const [ofA, ofB] = [own.get(a), own.get(b)];
      return ofA === undefined || ofB === undefined || !this.counts(a, ofA) ? [] : [{ a: ofA, b: ofB }];
    });
  }

  /** Whether events of this kind mostly come in numbers, and all of them before the effect. */
  gathers(kind: Kind): boolean {
    const all = this.told.flatMap(({ others }) => others.filter((other) => other.kind === kind));
    const several = all.filter(({ before, after }) => before + after > 1);
    if (several.length < fewest / 2 || several.length < all.length * 0.3) return false;
    return several.filter(({ after }) => after > 0).length <= several.length * 0.05;
  }

  /**
   * How often what is found like this turns out to be true, by the labelled sets: from how surely the best explains more
   * than the next best, by how many deviations over the same events, and from what is known of consumers. Where clocks are
   * known to differ, order in time proves little.
   */
  confidence(first: Trial, [second]: readonly Trial[], isFirst: boolean): number {
    const isKnown = first.kinds.every((kind) => this.reads(kind).is === 'yes');
    const isLater = median(first.delays.filter((delay) => delay !== undefined)) < 0;
    if (isLater && !isKnown) return 0.3;
    if (!isFirst) return isKnown ? 0.65 : 0.3;
    const sure = second ? marginOf(first, second) : 4;
    if (!isKnown) return sure >= 2.5 ? 0.7 : sure < 0.5 || this.clocksDiffer ? 0.3 : 0.55;
    // Few steps, so that what is stated of a flow seldom changes as more of it is seen.
    if (isLater) return sure >= 1.5 ? 0.85 : 0.35;
    const isAlone = !second || second.kinds.some((kind) => this.reads(kind).is !== 'yes');
    return sure >= 0.5 || isAlone ? 0.85 : 0.35;
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

/** A stated cause that is later by more than this shows that clocks differ, ms. */
const noticed = 50;
/** What is timed when it was seen has a time this much too late at most, ms. */
const late = 50;
/** How far clocks of machines are taken to differ, ms: where it is known who consumes what, effects may precede causes. */
export const skew = 3_000;
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

function byKey(a: Kind, b: Kind): number {
  return a.key < b.key ? -1 : 1;
}

function explain(trials: Trials, isAllowed: (cause: Kind) => boolean): LearnedCauses {
  const alternatives: Alternative[] = [];
  let left = trials.singles.filter(({ kinds }) => isAllowed(kinds[0] as Kind));
  const open = Array.from({ length: trials.size }, () => true);
  while (alternatives.length < maxAlternatives && left.length > 0) {
    const isFirst = alternatives.length === 0;
    // Later ones only explain what is unexplained so far.
    const round = isFirst
      ? left
      : left
          .map(({ kinds }) => trials.try(kinds, open))
          .filter(({ count }) => count >= 3)
          .sort((a, b) => b.count * (b.fit - unexplained) - a.count * (a.fit - unexplained));
    const [first, ...rest] = round;
    if (!first) break;
    const chosen = isFirst && !trials.isTold ? joinOf(first, rest, trials) : first;
    if (chosen.count < Math.max(trials.company, chosen.count) * (isFirst ? 0.25 : 0.12)) break;
    chosen.fits.forEach((fit, i) => {
      if (fit > unexplained) open[i] = false;
    });
    const confidence = trials.isTold ? 0.95 : trials.confidence(first, rest, isFirst);
    alternatives.push({
      kinds: chosen.kinds,
      ...rangeOf(chosen.delays.filter((delay) => delay !== undefined)),
      confidence,
      gathers: chosen.kinds.length === 1 && trials.gathers(chosen.kinds[0] as Kind),
    });
    left = left.filter(({ kinds }) => !chosen.kinds.includes(kinds[0] as Kind));
  }
  return { alternatives, nameNobody: trials.nameNobody };
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
    if (best.kinds.every((one) => waitsFor(trials.pairs(one, kind))) && joined.fit > best.fit - 0.1)
      best = joined;
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

/** By how many deviations one cause explains more than another, over the events that have both. */
function marginOf(first: Trial, second: Trial): number {
  const both = first.fits.flatMap((fit, i) =>
    fit > unexplained && (second.fits[i] as number) > unexplained ? [fit - (second.fits[i] as number)] : [],
  );
  // What is often not there is not what it waits for.
  return both.length < first.count * 0.75 ? 3 : deviations(both);
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
