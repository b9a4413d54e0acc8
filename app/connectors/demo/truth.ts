import { positionName } from '../../model/message.ts';
import type { DemoSettings } from './options.ts';
import { createPlay, newPlay, type PlayState } from './play.ts';
import type { About } from './publication.ts';
import { firstOrder, stories, storyOf, type StoryKind } from './stories.ts';
import type { Told } from './cues.ts';

/** An event as its service knows it. */
export interface DemoEvent extends About {
  /** The name that Headwater gives it. */
  readonly id: string;
  readonly type: string;
  readonly service: string;
  readonly time: number;
}

/** What really happened: for tests, which compare what Headwater found. */
export interface DemoTruth {
  readonly events: readonly DemoEvent[];
  /** Each order's own events, without batches that name many orders and accounts that it shares. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
  /** Direct causes and effects, by the events' names. */
  readonly links: readonly (readonly [cause: string, effect: string])[];
  /** What went wrong with which orders. */
  readonly stories: readonly {
    readonly kind: StoryKind;
    readonly orders: readonly string[];
    readonly says: string;
  }[];
}

/** The truth of a play that opened at `start`, up to a moment. */
export function demoTruth(settings: DemoSettings, start: number, until: number): DemoTruth {
  const fresh = newPlay(settings, 0);
  const state: PlayState = {
    ...fresh,
    start,
    played: start - 1,
    shifts: fresh.shifts.map((shift) => ({ ...shift, from: shift.from - fresh.start + start })),
  };
  return truthOf(createPlay(settings, state).advance(until), settings);
}

/** The truth of what was told. */
export function truthOf(told: readonly Told[], { faults }: Pick<DemoSettings, 'faults'>): DemoTruth {
  const events: DemoEvent[] = [];
  const names = new Map<string, string>();
  const effects: { readonly id: string; readonly causes: readonly string[] }[] = [];
  const orders = new Map<string, string[]>();
  for (const { item, publication } of told) {
    if (item.kind !== 'message' || !publication) continue;
    const id = item.id ?? positionName(item.channel, item.position ?? {});
    const { ref, type, service, about, causes, at: time } = publication;
    names.set(ref, id);
    events.push({ id, type, service, time, ...about });
    effects.push({ id, causes });
    const { orderId } = about;
    if (orderId !== undefined) orders.set(orderId, [...(orders.get(orderId) ?? []), id]);
  }
  return {
    events,
    orders,
    links: effects.flatMap(({ id, causes }) =>
      causes.flatMap((ref) => {
        const cause = names.get(ref);
        return cause === undefined ? [] : [[cause, id] as const];
      }),
    ),
    stories: stories.map(({ kind, says }) => ({
      kind,
      says,
      orders: [...orders.keys()].filter((id) => storyOf(Number(id) - firstOrder, faults) === kind),
    })),
  };
}
