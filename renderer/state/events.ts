import { create } from 'zustand';
import type { EventDetailDto, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

interface EventsState {
  /** The event in the inspector. */
  readonly id?: string;
  /** What is known of the events looked at last; at most `kept` of them. */
  readonly byId: ReadonlyMap<string, EventDetailDto>;
  readonly problem?: Problem;
}

const kept = 40;

export const useEvents = create<EventsState>(() => ({ byId: new Map() }));

/** Puts an event into the inspector; undefined takes it out. */
export function inspectEvent(id: string | undefined): void {
  if (useEvents.getState().id === id) return;
  useEvents.setState({ id, problem: undefined });
  refreshEvent();
}

/** Asks for the inspected event again: deliveries and links come after it. */
export const refreshEvent = coalesce(async () => {
  const { id } = useEvents.getState();
  if (id === undefined) return;
  try {
    const detail = await engine().events.get({ id });
    const byId = new Map(useEvents.getState().byId);
    byId.delete(id);
    byId.set(id, detail);
    for (const oldest of byId.keys()) {
      if (byId.size <= kept) break;
      byId.delete(oldest);
    }
    useEvents.setState({ byId });
    if (useEvents.getState().id !== id) refreshEvent();
    else useEvents.setState({ problem: undefined });
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code !== 'lost' && useEvents.getState().id === id) useEvents.setState({ problem });
  }
}, 150);

/** Reads a slice of a payload, in characters of its text or base64. */
export async function readPayload(id: string, start: number, end: number): Promise<string> {
  const { text } = await engine().events.payload({ id, start, end });
  return text;
}
