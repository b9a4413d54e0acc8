import { create } from 'zustand';
import type { LookBackDto, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

interface LookBacksState {
  readonly jobs: readonly LookBackDto[];
  /** Jobs whose outcome the reader has put away. */
  readonly dismissed: ReadonlySet<string>;
}

export const useLookBacks = create<LookBacksState>(() => ({ jobs: [], dismissed: new Set() }));

/** Asks how they are; while one runs, again every half second. */
export const loadLookBacks = coalesce(async () => {
  try {
    const jobs = await engine().lookBack.list();
    useLookBacks.setState({ jobs });
    if (jobs.some(({ state }) => state === 'running')) loadLookBacks();
  } catch {
    // Asked again when the view opens or a job starts.
  }
}, 500);

/** Starts looking for a key in what was not read. Times are epoch ms. */
export async function startLookBack(input: {
  key: string;
  from?: number;
  to?: number;
}): Promise<Problem | undefined> {
  return acting(() => engine().lookBack.start(input));
}

export async function cancelLookBack(id: string): Promise<Problem | undefined> {
  return acting(() => engine().lookBack.cancel({ id }));
}

export function dismissLookBack(id: string): void {
  useLookBacks.setState(({ dismissed }) => ({ dismissed: new Set([...dismissed, id]) }));
}

async function acting(call: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return asProblem(error);
  } finally {
    loadLookBacks();
  }
}
