import type { StatedDelay } from './clock-skew.ts';
import type { Kind } from './kind.ts';

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

/** Whether two sights say the same of an event. */
export function isSameSight(a: Sight, b: Sight): boolean {
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
