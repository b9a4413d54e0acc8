import type { Problem, WaitingEventDto } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';
import { useMap } from './map.ts';

/** One consumer of one channel; ids are the map's. */
export interface Consumption {
  readonly channel: string;
  readonly consumer: string;
}

export interface Waiting {
  /** The longest first. */
  readonly events: readonly WaitingEventDto[];
  /** How many wait in all, where each system says so. */
  readonly total?: number;
  readonly notes: readonly string[];
  readonly problem?: Problem;
}

/** Shown at a time. */
const most = 50;

/** Asks what waits for these consumers, again whenever the map moves on, until the answer is called. */
export function watchWaiting(of: readonly Consumption[], answered: (waiting: Waiting) => void): () => void {
  let stopped = false;
  const load = coalesce(async () => {
    if (stopped) return;
    try {
      const answers = await Promise.all(
        of.map((consumption) => engine().waiting({ ...consumption, limit: most })),
      );
      if (!stopped) answered(together(answers));
    } catch (error) {
      const problem = asProblem(error);
      if (!stopped && problem.code !== 'lost') answered({ events: [], notes: [], problem });
    }
  }, 2000);
  load();
  const stop = useMap.subscribe(load);
  return () => {
    stopped = true;
    stop();
  };
}

type Answer = Pick<Waiting, 'events' | 'total' | 'notes'>;

/** The longest of all, first. */
function together(answers: readonly Answer[]): Waiting {
  const totals = answers.map(({ total }) => total);
  return {
    events: answers
      .flatMap(({ events }) => events)
      .toSorted((a, b) => a.since - b.since)
      .slice(0, most),
    ...(totals.every((total) => total !== undefined) && {
      total: totals.reduce((sum, total) => sum + total, 0),
    }),
    notes: [...new Set(answers.flatMap(({ notes }) => notes))],
  };
}
