import { z } from 'zod';
import { cuesOf, type Cue, type Stage, type Told } from './cues.ts';
import { planOrder } from './flow.ts';
import type { DemoSettings } from './options.ts';
import { drawOrder } from './order.ts';
import type { Publication } from './publication.ts';
import { createRandom } from './random.ts';
import { closeBatches, openAccounts } from './shared.ts';
import { round, storyOf } from './stories.ts';
import { playTick, tickEveryMs } from './ticks.ts';

/** From this order on they come in this rhythm; `every` 0: none comes any more. */
const shift = z.object({ first: z.number(), from: z.number(), every: z.number() });

/**
 * Where a play is: enough to go on as if it had never stopped. What orders under way are still to do is not in it, since
 * it follows from their numbers.
 */
const playState = z.object({
  /** When the shop opened, epoch ms. */
  start: z.number(),
  /** Everything up to this moment was told. */
  played: z.number(),
  /** Index of the next order to be placed. */
  next: z.number(),
  shifts: z.array(shift),
  counts: z.record(z.string(), z.number()),
});
export type PlayState = z.infer<typeof playState>;

export interface Play {
  readonly state: PlayState;
  /** Plays up to this moment, and tells what happened, in order. */
  advance(until: number): readonly Told[];
}

/** How much of the past a reader finds who comes for the first time. */
export const historyMs = 15 * 60_000;
const openingMs = 1_000;
/** No order takes longer for what it ever does; a stuck one does nothing any more. */
const longestMs = 60_000;

/** A play that opened so long ago that its history ends now. */
export function newPlay({ rate }: Pick<DemoSettings, 'rate'>, now: number): PlayState {
  const start = Math.floor(now) - historyMs;
  return {
    start,
    played: start - 1,
    next: 0,
    shifts: shiftsFrom(0, start + openingMs, rate),
    counts: {},
  };
}

function shiftsFrom(first: number, from: number, rate: number): PlayState['shifts'] {
  const live = from - openingMs + historyMs;
  return [
    { first, from, every: (historyMs - 2 * openingMs) / round },
    { first: first + round, from: live, every: rhythm(rate) },
  ];
}

const rhythm = (rate: number): number => (rate === 0 ? 0 : 1000 / rate);

/** The state that a text of `JSON.stringify` holds; undefined where it is none. */
export function readPlayState(text: string): PlayState | undefined {
  try {
    return playState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export interface Resumed {
  readonly state: PlayState;
  /** How the orders under way went on before the shop closed, where it did. */
  readonly finished?: readonly Told[];
}

/**
 * A play as it goes on after its reader was away. What passed while he was away a short time is told as a broker's
 * backlog would be; after a long time the shop was closed meanwhile, and opened again a quarter of an hour ago.
 */
export function resumedPlay(state: PlayState, settings: DemoSettings, now: number): Resumed {
  const every = rhythm(settings.rate);
  if (now - state.played > historyMs + longestMs) {
    const play = createPlay(settings, { ...state, shifts: closed(state) });
    const finished = play.advance(state.played + longestMs);
    const from = Math.floor(now) - historyMs;
    const { next, shifts } = play.state;
    return {
      state: {
        ...play.state,
        played: from,
        shifts: [...shifts, ...shiftsFrom(next, from + openingMs, settings.rate)],
      },
      finished,
    };
  }
  const last = state.shifts.at(-1);
  if (!last || last.every === every) return { state };
  // Another rate than before: from now on, or where the live part begins if that is yet to come.
  const shifts =
    state.next < last.first
      ? [...state.shifts.slice(0, -1), { ...last, every }]
      : [...state.shifts, { first: state.next, from: state.played + 1, every }];
  return { state: { ...state, shifts } };
}

const closed = ({ shifts, next, played }: PlayState): PlayState['shifts'] => [
  ...shifts.filter(({ first }) => first < next),
  { first: next, from: played, every: 0 },
];

interface OnStage extends Cue {
  /** Who comes first of the same millisecond: who was planned first. */
  readonly index: number;
  readonly number: number;
}

export function createPlay(settings: DemoSettings, from: PlayState): Play {
  const { seed, faults, cluster } = settings;
  const { start } = from;
  let { played, next, shifts } = from;
  const counts = new Map(Object.entries(from.counts));
  let waiting: OnStage[] = [];
  /** Stream entries that were planned for a millisecond. */
  const entries = new Map<number, number>();
  let told: Told[] = [];
  let clock = played;

  const stage: Stage = {
    tell: (item, about = {}) => void told.push({ item, at: clock, ...about }),
    count: (name) => counts.get(name) ?? 0,
    add(name, number) {
      const before = counts.get(name) ?? 0;
      counts.set(name, before + number);
      return before;
    },
    set: (name, number) => void counts.set(name, number),
  };

  /** When an order is placed; undefined where none of this index ever is. */
  function placedAt(index: number): number | undefined {
    const own = shifts.findLast(({ first }) => first <= index);
    if (!own || own.every === 0) return undefined;
    const jitter = createRandom(seed, purpose, index).below(Math.max(1, Math.floor(own.every * 0.6)));
    return Math.floor(own.from + (index - own.first) * own.every) + jitter;
  }

  function orderOf(index: number) {
    const order = drawOrder(seed, index);
    const at = placedAt(index) ?? 0;
    return { orderId: order.orderId, placedAt: at, flow: planOrder(order, at, storyOf(index, faults)) };
  }

  function plan(index: number, publications: readonly Publication[]): void {
    let number = 0;
    for (const publication of publications) {
      const { at, to } = publication;
      const sequence = entries.get(at) ?? 0;
      if (to === 'shipments') entries.set(at, sequence + 1);
      for (const cue of cuesOf(publication, { cluster, start, sequence })) {
        if (cue.at > played) waiting.push({ ...cue, index, number: number++ });
      }
    }
  }

  function placeOrder(index: number): void {
    plan(index, [...orderOf(index).flow.publications, ...closeBatches(seed, index, orderOf)]);
  }

  function underWay(): number {
    let index = next;
    while (index > 0 && (placedAt(index - 1) ?? -Infinity) > played - longestMs) index--;
    return index;
  }

  if (played < start + openingMs) plan(-1, openAccounts(seed, start));
  for (let index = underWay(); index < next; index++) placeOrder(index);

  /** Nothing is told of a moment before everything that happens in it is planned. */
  function advance(until: number): readonly Told[] {
    for (let at = placedAt(next); at !== undefined && at <= until; at = placedAt(++next)) placeOrder(next);
    const tick = start + (Math.floor((played - start) / tickEveryMs) + 1) * tickEveryMs;
    const ticks: OnStage[] = [];
    for (let at = tick; at <= until; at += tickEveryMs) {
      ticks.push({ at, index: Infinity, number: 0, play: (on) => playTick(on, at, cluster) });
    }
    const due = [...waiting.filter(({ at }) => at <= until), ...ticks].sort(
      (a, b) => a.at - b.at || a.index - b.index || a.number - b.number,
    );
    waiting = waiting.filter(({ at }) => at > until);
    for (const cue of due) {
      clock = cue.at;
      cue.play(stage);
    }
    played = Math.max(played, until);
    for (const at of entries.keys()) if (at < played - longestMs) entries.delete(at);
    shifts = shifts.filter((_, n) => (shifts[n + 1]?.first ?? Infinity) > next - kept);
    const result = told;
    told = [];
    return result;
  }

  return {
    get state() {
      return { start, played, next, shifts, counts: Object.fromEntries(counts) };
    },
    advance,
  };
}

const purpose = 4;
/** Orders that may still be of interest: those under way, and those of their batches. */
const kept = 5_000;
