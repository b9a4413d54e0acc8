import { rangeOf } from './delays.ts';
import type { Kind } from './kind.ts';
import { surenessOf, type MainCause } from './main-causes.ts';
import { fewest, takeTurns, unexplained, type Trial, type Trials } from './trials.ts';

export interface LearnedCauses {
  /** The more frequent first. */
  readonly alternatives: readonly Alternative[];
  /** They name causes, but what they name is not observed: a command inside of a service, a span. */
  readonly nameNobody: boolean;
  /** For a kind that they name, those that they wait for besides: each time they name the one that came last. */
  readonly joins: ReadonlyMap<Kind, readonly Kind[]>;
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

const maxAlternatives = 4;
const noJoins: ReadonlyMap<Kind, readonly Kind[]> = new Map();

/** What causes events of a kind, the main cause of it given. `follows`: whether a kind is an effect of another. */
export function explain(
  trials: Trials,
  main: MainCause | undefined,
  follows: (kind: Kind, from: Kind) => boolean,
): LearnedCauses {
  const alternatives: Alternative[] = [];
  let left = trials.singles
    .filter(({ kinds }) => !follows(kinds[0] as Kind, trials.effect))
    .sort((a, b) => Number(b.kinds[0] === main?.kind) - Number(a.kinds[0] === main?.kind));
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
    const pair = isFirst
      ? trials.joined.find(
          ({ kinds }) =>
            kinds.includes(first.kinds[0] as Kind) && kinds.every((kind) => !follows(kind, trials.effect)),
        )
      : undefined;
    const chosen = pair ?? (isFirst && !trials.isTold ? joinOf(first, rest, trials) : first);
    if (chosen.count < Math.max(trials.company, chosen.count) * (isFirst ? 0.25 : 0.12)) break;
    chosen.fits.forEach((fit, i) => {
      if (fit > unexplained) open[i] = false;
    });
    const confidence = trials.isTold ? 0.95 : confidenceOf(first, isFirst, main);
    alternatives.push({
      kinds: chosen.kinds,
      ...rangeOf((pair ? trials.try(pair.kinds) : chosen).delays.filter((delay) => delay !== undefined)),
      confidence,
      gathers: chosen.kinds.length === 1 && trials.gathers(chosen.kinds[0] as Kind),
    });
    left = left.filter(({ kinds }) => !chosen.kinds.includes(kinds[0] as Kind));
  }
  return {
    alternatives,
    nameNobody: trials.nameNobody,
    joins: trials.isTold ? trials.toldJoins(follows) : noJoins,
  };
}

/** How often what is found like this proves true, by the labelled sets. Little where it is no more than what is left. */
function confidenceOf({ kinds }: Trial, isFirst: boolean, main: MainCause | undefined): number {
  if (!isFirst) return 0.4;
  return main !== undefined && kinds[0] === main.kind ? surenessOf(main.gain) : 0.3;
}

/** What is learned, as a text: different for what is different. */
export function textOf(causes: LearnedCauses | undefined): string {
  if (!causes) return '';
  const alternatives = causes.alternatives.map(
    ({ kinds, least, most, confidence, gathers }) =>
      `${kinds.map(({ key }) => key).join('+')} ${least} ${most} ${confidence} ${gathers}`,
  );
  const joins = [...causes.joins].map(
    ([kind, others]) => `${kind.key}: ${others.map(({ key }) => key).join('+')}`,
  );
  return `${causes.nameNobody}: ${alternatives.join(', ')} ${joins.join(', ')}`;
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
    if (!takeTurns(joined, best)) continue;
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
