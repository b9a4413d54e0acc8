import { create } from 'zustand';
import type { Problem } from '../../app/contract/page.ts';
import { allTime, boundsOf } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';
import { eventPager } from './event-pager.ts';
import type { Tail } from './event-pager.ts';

interface EventListState extends Partial<Tail> {
  /** What the list answers to; without a `list`, nothing was answered yet. */
  readonly query: string;
  readonly range: TimeRange;
  readonly problem?: Problem;
}

/** The live tail: every event that matches, newest first. */
export const useEventList = create<EventListState>(() => ({ query: '', range: allTime }));

let wanted: { readonly query: string; readonly range: TimeRange } | undefined;
/** What was looked at when the list was left, and where. */
let left: typeof wanted;
let place: PlaceInEvents = { offset: 0, held: false };
let followed = true;
/** A range that ends now is fixed while one goes through its pages. */
let bounds = boundsOf(allTime, 0);

const pager = eventPager(
  (page) => {
    const { query, range } = wanted ?? { query: '', range: allTime };
    if (page.before === undefined && page.after === undefined) bounds = boundsOf(range, Date.now());
    return engine().events.list({ query, ...bounds, ...page });
  },
  (tail) => useEventList.setState({ ...tail, ...wanted, problem: undefined }),
);

async function tell(asked: Promise<void>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    const problem = asProblem(error);
    // What was lost is asked for again when the link is back.
    if (problem.code !== 'lost') useEventList.setState({ problem });
  }
}

/**
 * Searches the tail. What was found before stays until the new answer is there. Who held the list and comes back to it
 * finds it where it was.
 */
export function searchEvents(query: string, range: TimeRange): void {
  if (wanted?.query === query && wanted.range === range) return;
  const isBack = left?.query === query && left.range === range && !followed;
  wanted = { query, range };
  left = undefined;
  if (!isBack) place = { offset: 0, held: false };
  void tell(isBack ? pager.resume() : pager.restart());
}

/** Whether a search would find anything; not while the engine is away. */
export async function hasEvents(query: string): Promise<boolean> {
  try {
    const { rows } = await engine().events.list({ query, limit: 1 });
    return rows.length > 0;
  } catch {
    return false;
  }
}

/** Nobody looks at the tail any more: nothing is pulled. */
export function leaveEvents(): void {
  left = wanted;
  wanted = undefined;
}

interface PlaceInEvents {
  /** How far the list is scrolled, px. */
  readonly offset: number;
  /** The reader holds the tail. */
  readonly held: boolean;
}

/** Where the reader is in the list, and is again after having been elsewhere. */
export function placeInEvents(): PlaceInEvents {
  return place;
}

export function keepPlaceInEvents(now: PlaceInEvents): void {
  place = now;
}

/** Another engine answers: everything known is old. */
export function eventsRestarted(): void {
  left = undefined;
  if (wanted) void tell(pager.restart());
}

/** The link is back: what was under way is asked for again. */
export function eventsReconnected(): void {
  if (wanted) void tell(pager.resume());
}

/** Some event was recorded. The tail is pulled at most four times a second. */
export const eventsRecorded = coalesce(async () => {
  if (wanted) await tell(pager.recorded());
}, 250);

/** Traces changed: events on screen that were in none may be in one now. */
export const eventTracesChanged = coalesce(async () => {
  if (wanted) await tell(pager.renew());
}, 1000);

/** Time went on: a range that ends now begins later. */
export function eventTimesMoved(): void {
  const { range, fresh } = useEventList.getState();
  if (wanted && fresh === 0 && (range.kind === 'last' || range.kind === 'today')) void tell(pager.anew());
}

/** Tells which places of the list are on screen. */
export function lookAtEvents(first: number, last: number): void {
  void tell(pager.look(first, last));
}

/** At the top the list follows what comes; elsewhere it is held still and counts. */
export function followEvents(follow: boolean): void {
  followed = follow;
  void tell(pager.follow(follow));
}

/** Shows what came since the list was held still. */
export function catchUpEvents(): void {
  void tell(pager.catchUp());
}
