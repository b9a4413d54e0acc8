import type { ClockOffset } from '../model/clock.ts';
import { clockShifts, pairsNeeded, type Before, type ClockShifts } from './clock-shifts.ts';
import { clockOffsets, type StatedDelay } from './clock-skew.ts';
import type { Kind } from './kind.ts';
import { explain, textOf, type LearnedCauses } from './learned-causes.ts';
import { createLogOrder } from './log-order.ts';
import { mainCauses, type MainCause } from './main-causes.ts';
import type { EventNode } from './nodes.ts';
import { isSameSight, type Sight } from './sight.ts';
import type { Reads } from './subscriptions.ts';
import { byKey, fewest, Trials } from './trials.ts';

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
  /** Takes down where an event is in its log. */
  place(node: EventNode, kind: Kind): void;
  /** Learns anew from what was taken down since. Returns the kinds of which something else is believed now. */
  learn(): ReadonlySet<Kind>;
  /** What causes events of a kind; undefined while too few were seen. */
  causesOf(effect: Kind): LearnedCauses | undefined;
  /** How far the clock of one kind's producer is known to be ahead of another's, ms. */
  shift(of: Kind, against: Kind): number;
  /** Whether clocks are believed to differ, so that order in time says little. */
  clocksDiffer(): boolean;
  /** Which clocks differ, and how far, as the stated causes of the sample prove. */
  clockOffsets(): readonly ClockOffset[];
  /** Consumers changed: all is to be learned anew. */
  forgetReaders(): void;
}

const sampleSize = 160;
/** By how much better events have to be explained, before it is believed that clocks differ. */
const doubt = 0.4;
/** Of fewer kinds there is no whole that could be explained better. */
const kindsNeeded = 6;

interface Sample {
  readonly sights: Map<number, Sight>;
  /** Hashes of their numbers beyond which nothing is kept. */
  bound: number;
  fresh: boolean;
  /** Of what is so if clocks agree, unless it is proven that they do not; and of what is so if they may differ. */
  trials: { readonly inTime: Trials | undefined; readonly anyTime: Trials } | undefined;
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
  const logs = createLogOrder();
  let agreed = false;
  let shifts: ClockShifts = clockShifts([]);
  let differ = false;
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
  function follows(kind: Kind, from: Kind, mains: ReadonlyMap<Kind, MainCause>): boolean {
    const seen = new Set([kind]);
    for (const at of seen) {
      if (at === from) return true;
      const main = mains.get(at);
      if (main) seen.add(main.kind);
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

  return {
    wants: (effect, hash) => hash <= (samples.get(effect)?.bound ?? Infinity),
    place: logs.observe,
    observe(effect, sight) {
      const sample = sampleOf(effect);
      const known = sample.sights.get(sight.hash);
      if (known !== undefined && isSameSight(known, sight)) return;
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
      const before = shifts.says;
      shifts = clockShifts([...logs.learn(), ...statedOrders(samples)]);
      if (agree !== agreed || shifts.says !== before)
        for (const sample of samples.values()) sample.fresh = true;
      agreed = agree;
      const isProven = shifts.says !== '';
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
        const trialsOf = (mayDiffer: boolean) => new Trials(kind, inOrder, readsAs(kind), shifts, mayDiffer);
        sample.trials =
          inOrder.length < fewest
            ? undefined
            : { inTime: isProven ? undefined : trialsOf(false), anyTime: trialsOf(true) };
      }
      if (!isFresh) return new Set();
      const known = [...samples].flatMap(([kind, { trials }]) => (trials ? [[kind, trials] as const] : []));
      known.sort(([a], [b]) => byKey(a, b));
      for (const sample of samples.values()) sample.causes = undefined;
      // That clocks differ is believed where that is proven, or where much cannot be explained without.
      const anyTime = mainCauses(known.map(([kind, trials]) => [kind, trials.anyTime]));
      const inTime = isProven
        ? undefined
        : mainCauses(known.flatMap(([kind, trials]) => (trials.inTime ? [[kind, trials.inTime]] : [])));
      differ =
        !inTime ||
        (known.length >= kindsNeeded && anyTime.againstTime > 0 && anyTime.worth > inTime.worth + doubt);
      const mains = (inTime && !differ ? inTime : anyTime).mains();
      for (const [kind, trials] of known) {
        const own = differ ? trials.anyTime : (trials.inTime ?? trials.anyTime);
        sampleOf(kind).causes = explain(own, mains.get(kind), (one, from) => follows(one, from, mains));
      }
      const changed = new Set<Kind>();
      for (const [kind, sample] of samples) {
        const says = textOf(sample.causes);
        if (says !== sample.says) changed.add(kind);
        sample.says = says;
      }
      return changed;
    },
    clocksDiffer: () => differ,
    shift: (of, against) => shifts.shift(of, against),
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

/** What stated causes tell of what came before what. */
function statedOrders(samples: ReadonlyMap<Kind, Sample>): Before[] {
  return [...samples].flatMap(([after, { sights }]) => {
    const delays = new Map<Kind, number[]>();
    for (const { named, others } of sights.values()) {
      const other = others.find(({ kind }) => kind === named);
      if (!other) continue;
      const own = delays.get(other.kind);
      if (own) own.push(other.delay);
      else delays.set(other.kind, [other.delay]);
    }
    return [...delays].flatMap(([before, all]): Before[] => {
      const least = all.sort((a, b) => a - b)[pairsNeeded - 1];
      return least === undefined || before === after ? [] : [{ before, after, least }];
    });
  });
}
