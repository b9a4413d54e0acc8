import { heaviestBranching, type Arc } from './arborescence.ts';
import type { Kind } from './kind.ts';
import { byKey, type Trials } from './trials.ts';

/**
 * The main cause of each kind: what explains all of them best together, without a circle. Clocks that differ shift all
 * delays of a pair alike, so which two kinds are next to each other is seen whatever the clocks say; which of them is the
 * cause follows from the whole.
 */
export function mainCauses(known: readonly (readonly [Kind, Trials])[]): MainCauses {
  const trialsOf = new Map(known);
  const kinds = known.map(([kind]) => kind).sort(byKey);
  const families = familiesOf(kinds, trialsOf).map((family) => {
    const tries = triesOf(family, trialsOf);
    return { family, tries, best: heaviestBranching(family.length, tries) };
  });
  const chosen = families.flatMap(({ best }) => best.filter((one) => one !== undefined));
  return {
    worth:
      chosen.reduce((sum, { weight, direction }) => sum + weight + direction, 0) /
      Math.max(
        1,
        chosen.reduce((sum, { events }) => sum + events, 0),
      ),
    againstTime: chosen.filter(({ middle }) => middle < -noticed).length,
    mains() {
      const mains = new Map<Kind, MainCause>();
      for (const { family, tries, best } of families) {
        for (const main of best) {
          if (!main) continue;
          const kind = family[main.to] as Kind;
          const gain = gainOf(main, best, tries) / Math.max(1, trialsOf.get(kind)!.company);
          mains.set(kind, { kind: family[main.from] as Kind, gain });
        }
      }
      return mains;
    },
  };
}

/** A kind that is tried as the cause of another, alone or with one that is waited for besides. */
interface Try extends Arc {
  readonly kinds: readonly Kind[];
  /** Events that it would explain. */
  readonly events: number;
  /** The middle of its delays, ms. */
  readonly middle: number;
  /** What speaks for it and was left out of its weight, because clocks are believed. */
  readonly direction: number;
}

/** Kinds that are found in traces together, directly or over others. */
function familiesOf(kinds: readonly Kind[], trialsOf: ReadonlyMap<Kind, Trials>): Kind[][] {
  const families = new Map<Kind, Set<Kind>>(kinds.map((kind) => [kind, new Set([kind])]));
  for (const kind of kinds) {
    for (const { kinds: causes } of trialsOf.get(kind)!.singles) {
      const [one, other] = [families.get(kind)!, families.get(causes[0] as Kind)];
      if (!other || one === other) continue;
      const [small, large] = one.size < other.size ? [one, other] : [other, one];
      for (const member of small) {
        large.add(member);
        families.set(member, large);
      }
    }
  }
  return [...new Set(families.values())].map((family) => [...family].sort(byKey));
}

/** The best of each kind; of a large family fewer, since each is weighed against all. */
function triesOf(family: readonly Kind[], trialsOf: ReadonlyMap<Kind, Trials>): Try[] {
  const numbers = new Map(family.map((kind, i) => [kind, i]));
  return family.flatMap((kind, to) => {
    const trials = trialsOf.get(kind)!;
    const all = [...trials.joined, ...trials.singles].flatMap((trial) =>
      trial.kinds.flatMap((one): Try[] => {
        const from = numbers.get(one);
        if (from === undefined) return [];
        const direction = trials.clocksDiffer ? 0 : trial.direction * trials.company;
        return [
          {
            ...{ from, to, weight: trials.weightOf(trial), events: trials.company },
            ...{ kinds: trial.kinds, middle: trial.middle, direction },
          },
        ];
      }),
    );
    return all.sort((a, b) => b.weight - a.weight).slice(0, family.length > large ? 4 : 16);
  });
}

/** How much less the best explanation without it explains: without this cause, and what is waited for besides it. */
function gainOf(main: Try, best: readonly (Try | undefined)[], tries: readonly Try[]): number {
  const kinds = new Set(
    tries.flatMap((one) => (one.to === main.to && one.from === main.from ? one.kinds : [])),
  );
  const others = tries.filter((one) => one.to !== main.to || !one.kinds.some((kind) => kinds.has(kind)));
  if (best.length > large) {
    // What else would change without it is left out: that takes too long.
    const next = others.reduce((most, { to, weight }) => (to === main.to ? Math.max(most, weight) : most), 0);
    return main.weight - next;
  }
  return weightOf(best) - weightOf(heaviestBranching(best.length, others));
}

/** What is timed on arrival has a time that is this much too late at most, where much goes on, ms. */
const noticed = 100;
/** Kinds in a family beyond which less is weighed. */
const large = 60;

export interface MainCauses {
  /** How well they explain what they explain, by event: as the logarithm of a likelihood. */
  readonly worth: number;
  /** How many of them came later than their effects by more than brokers and observers can make of it. */
  readonly againstTime: number;
  /** The main cause of each kind that has one; takes longer than all the rest. */
  mains(): ReadonlyMap<Kind, MainCause>;
}

export interface MainCause {
  readonly kind: Kind;
  /** How much worse the best explanation without it is, by event. */
  readonly gain: number;
}

/**
 * How often a main cause proves true that explains so much more than anything else, by the labelled sets. Few steps, so that
 * what is stated seldom changes as more is seen.
 */
export function surenessOf(gain: number): number {
  if (gain < 0.15) return 0.2;
  if (gain < 0.4) return 0.55;
  if (gain < 1.5) return 0.75;
  return 0.9;
}

function weightOf(arcs: readonly (Arc | undefined)[]): number {
  return arcs.reduce((sum, arc) => sum + (arc?.weight ?? 0), 0);
}
