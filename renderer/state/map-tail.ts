import type { EventRowDto } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';

type Listener = (events: readonly EventRowDto[]) => void;

const listeners = new Set<Listener>();
/** Events asked for at a time: more would not be told apart. */
const sample = 14;
let newest: number | undefined;

/** Hears of a few of the events that were recorded since the last look. */
export function onTail(listener: Listener): () => void {
  listeners.add(listener);
  newest = undefined;
  return () => {
    listeners.delete(listener);
  };
}

/** Looks at what was recorded since the last look, if anybody wants to see it; what is too much is skipped. */
export async function sampleTail(): Promise<void> {
  if (listeners.size === 0) return;
  try {
    const after = newest;
    const answer = await engine().events.list({ query: '', limit: after === undefined ? 1 : sample, after });
    // A store that was opened anew counts from the beginning.
    newest = answer.newest;
    if (after === undefined) return;
    for (const listener of listeners) listener(answer.rows.toReversed());
  } catch {
    // It is decoration: the map says by itself what is wrong.
  }
}
