import { clockOf, ownClock, tellsOrder, type ClockOffset } from '../model/clock.ts';
import type { Claim } from './claim.ts';
import type { EventNode } from './nodes.ts';

/**
 * How far clocks of machines differ, from orders that cannot be: a cause that a message states was there before its effect,
 * so an effect that has an earlier time was timed by a clock that is behind, by that much at least. What goes the other
 * way bounds it from above. Times and orders are not changed by it.
 *
 * It is how NTP bounds an offset by delays in both directions (D. Mills, RFC 5905, section 8; F. Cristian, "Probabilistic
 * clock synchronization", Distributed Computing 3, 1989), with messages that are there anyway in place of probes, as
 * A. Duda et al. do for traces ("Estimating global time in distributed systems", ICDCS 1987): of a pair of clocks the
 * smallest delays in each direction count. Because of many links one may be wrong, the few smallest are left out.
 */

/** One cause that a message states, timed by one clock, and its effect, timed by another. */
export interface StatedDelay {
  /** Names of the two events, and of the clocks that gave them their times. */
  readonly cause: string;
  readonly effect: string;
  readonly from: string;
  readonly to: string;
  /** From cause to effect by their times, ms; below 0 where that cannot be. */
  readonly delay: number;
}

/** Times that differ less are as good as the same: what a sentence says is beyond what measuring makes of it, ms. */
const tolerance = 50;
/** So many smallest delays are left out at least, and of many links this share: statements are wrong now and then. */
const leftOut = 2;
const leftOutShare = 0.02;

/** What a link tells of two clocks; undefined where that is nothing. */
export function statedDelay({ cause, effect, evidence }: Claim): StatedDelay | undefined {
  if (!tellsOrder(evidence)) return undefined;
  // Of two messages with one id the earlier is taken to be the first.
  if (cause.ids.some((id) => effect.ids.includes(id))) return undefined;
  const [from, to] = [clockOf(cause), clockOf(effect)];
  // What is timed on arrival was there before: for an effect that is a bound all the same, for a cause it is none.
  if (from === to || from === ownClock) return undefined;
  return { cause: cause.id, effect: effect.id, from, to, delay: latest(effect) - cause.time };
}

/** A time in whole seconds may have been cut to that. */
function latest({ time }: EventNode): number {
  return time % 1_000 === 0 ? time + 999 : time;
}

/** The clocks that are proven to differ, those that differ most first. Depends on the set of links alone. */
export function clockOffsets(all: Iterable<StatedDelay>): ClockOffset[] {
  const byPair = Map.groupBy(all, ({ from, to }) => pairKey(from, to));
  for (const delays of byPair.values()) delays.sort(bySize);
  const offsets: ClockOffset[] = [];
  for (const delays of byPair.values()) {
    const shortest = shortestOf(delays);
    if (!shortest || shortest.delay >= -tolerance) continue;
    const { from, to, cause, effect, delay } = shortest;
    const least = -delay;
    const most = shortestOf(byPair.get(pairKey(to, from)) ?? [])?.delay;
    const varies = most !== undefined && most < least - tolerance;
    offsets.push({
      ...{ behind: to, ahead: from, least, varies, example: { cause, effect } },
      ...(most !== undefined && !varies && { most: Math.max(least, most) }),
      links: delays.filter((one) => one.delay < -tolerance).length,
    });
  }
  return offsets.sort(
    (a, b) => b.least - a.least || compare(pairKey(a.behind, a.ahead), pairKey(b.behind, b.ahead)),
  );
}

function pairKey(from: string, to: string): string {
  return `${from}\0${to}`;
}

/** The shortest of sorted delays that is not left out. */
function shortestOf(delays: readonly StatedDelay[]): StatedDelay | undefined {
  return delays[Math.max(leftOut, Math.floor(delays.length * leftOutShare))];
}

function bySize(a: StatedDelay, b: StatedDelay): number {
  return a.delay - b.delay || compare(a.effect, b.effect) || compare(a.cause, b.cause);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
