import type { EventRowDto } from '../../app/contract/page.ts';
import * as held from './event-pages.ts';
import type { EventPages } from './event-pages.ts';

export interface EventsAnswer {
  readonly rows: readonly EventRowDto[];
  readonly more: boolean;
  readonly notes: readonly string[];
}

/** Which page of the tail is asked for; see `events.list` of the contract. */
export interface Pull {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
}

export interface Tail {
  readonly list: EventPages;
  /** Events that came since the list was held still. */
  readonly fresh: number;
  /** There are more of them than were counted. */
  readonly uncounted: boolean;
  readonly notes: readonly string[];
}

/** So many new events are counted one by one while the list is held still. */
const mostCounted = 5000;
/** Who is further behind than this begins anew at the top. */
const mostFollowed = 500;

/**
 * Keeps one stretch of the tail without a hole, whatever the order in which answers come: it grows on top while it is
 * followed, at the end when one scrolls there, and forgets rows far from the screen. `pull` asks the engine; `show` is
 * called with what is held once a search is answered.
 */
export function eventPager(pull: (page: Pull) => Promise<EventsAnswer>, show: (tail: Tail) => void) {
  let tail: Tail | undefined;
  let following = true;
  /** On screen, first and last place. */
  let screen = { first: 0, last: 0 };
  /** Answers to what was asked in an earlier life are dropped. */
  let life = 0;
  /** The newest event that was counted or shown; undefined while there is none. */
  let seen: number | undefined;
  let underWay = new Set<string>();
  /** Something was recorded while the newest were being asked for. */
  let missed = false;

  const set = (change: Partial<Tail>): void => {
    if (!tail) return;
    tail = { ...tail, ...change };
    show(tail);
  };

  /** Asks once at a time for the same thing, and hands on the answer if nothing began anew meanwhile. */
  const ask = async (what: string, page: Pull, take: (answer: EventsAnswer) => void): Promise<void> => {
    if (underWay.has(what)) return;
    const asked = life;
    const mine = underWay;
    mine.add(what);
    try {
      const answer = await pull(page);
      if (asked === life) take(answer);
    } catch (error) {
      if (asked === life) throw error;
    } finally {
      mine.delete(what);
    }
  };

  /** Begins anew at the top; what is shown stays until the answer is there. */
  const begin = async (): Promise<void> => {
    life++;
    underWay = new Set();
    screen = { first: 0, last: Math.min(screen.last - screen.first, held.pageSize) };
    await ask('top', { limit: held.pageSize }, ({ rows, more, notes }) => {
      seen = rows[0]?.seq;
      tail = { list: held.addOlder(held.noPages, rows, more), fresh: 0, uncounted: false, notes };
      show(tail);
    });
    if (missed) await lookUp();
  };

  const grow = ({ rows, more }: EventsAnswer): Promise<void> | undefined => {
    if (!tail) return undefined;
    // Held still while the answer was on its way, or the other way round: what it holds is counted.
    if (!following || tail.fresh > 0) {
      seen = rows[0]?.seq ?? seen;
      missed ||= more;
      set({ fresh: tail.fresh + rows.length, uncounted: more });
      return undefined;
    }
    if (more) return begin();
    seen = rows[0]?.seq ?? seen;
    if (rows.length > 0) set({ list: held.keepTop(held.addNewer(tail.list, rows)) });
    return undefined;
  };

  /** Pulls what is newer, or counts it. */
  const lookUp = async (): Promise<void> => {
    missed = underWay.has('top') || underWay.has('newer');
    if (!tail || missed) return;
    if (!following && tail.fresh >= mostCounted) return set({ uncounted: true });
    // An empty list has no newest event to go on from.
    if (seen === undefined && following) return begin();
    const limit = following ? mostFollowed : mostCounted / 5;
    let next: Promise<void> | undefined;
    await ask('newer', { ...(seen === undefined ? {} : { after: seen }), limit }, (answer) => {
      next = grow(answer);
    });
    await next;
    if (missed) await lookUp();
  };

  /** Pulls what is on screen and not held. */
  const fillScreen = async (): Promise<void> => {
    if (!tail) return;
    const { first, last } = screen;
    const kept = held.keepNear(tail.list, first, last);
    if (kept !== tail.list) set({ list: kept });
    const missing = held.pagesAt(kept, first, last).filter(({ rows }) => !rows);
    const bottom = kept.pages.at(-1)?.oldest;
    const asked = missing.map(({ newest, size }) =>
      ask(`page ${newest}`, { before: newest + 1, limit: size }, ({ rows }) => {
        if (tail) set({ list: held.refill(tail.list, newest, rows) });
      }),
    );
    if (kept.more && bottom !== undefined && last >= held.countRows(kept) - held.pageSize / 2)
      asked.push(
        ask('older', { before: bottom, limit: held.pageSize }, ({ rows, more }) => {
          // Following let go of the end meanwhile: these belong further down.
          if (tail?.list.pages.at(-1)?.oldest === bottom) set({ list: held.addOlder(tail.list, rows, more) });
        }),
      );
    await Promise.all(asked);
  };

  return {
    /** Another search, or another engine: all that is known is old. What is shown stays until the answer is there. */
    restart(): Promise<void> {
      following = true;
      tail = undefined;
      return begin();
    },
    /** Pulls the top anew where it is followed: what belongs to it changed without anything being recorded. */
    async anew(): Promise<void> {
      if (following && tail && !underWay.has('top')) await begin();
    },
    /** Some event was recorded. */
    recorded: lookUp,
    /** Tells which places are on screen. */
    look(first: number, last: number): Promise<void> {
      screen = { first, last };
      return fillScreen();
    },
    /** At the top the list follows what comes; elsewhere it is held still and counts. */
    async follow(follow: boolean): Promise<void> {
      if (following === follow) return;
      following = follow;
      if (follow && tail && tail.fresh > 0) await begin();
    },
    /** Shows what came since the list was held still. */
    catchUp(): Promise<void> {
      following = true;
      return begin();
    },
    /** Asks again for what is missing: the link was down. */
    async resume(): Promise<void> {
      await (tail ? Promise.all([lookUp(), fillScreen()]) : begin());
    },
    /** Asks anew for what is on screen where something of it was not known yet. */
    async renew(): Promise<void> {
      if (!tail) return;
      const rows = held.rowsBetween(tail.list, screen.first, screen.last).filter((row) => row !== undefined);
      const [top] = rows;
      if (!top || rows.every(({ trace }) => trace !== undefined)) return;
      await ask('renew', { before: top.seq + 1, limit: rows.length }, (answer) => {
        if (tail) set({ list: held.renew(tail.list, answer.rows) });
      });
    },
  };
}
