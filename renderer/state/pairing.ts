import { create } from 'zustand';
import { engine } from '../rpc/engine.ts';
import type { EventRowDto } from '../../app/contract/page.ts';
import { selectedEvent, useRoute } from './route.ts';

interface PairingState {
  /** Another event is to be chosen beside the selected one. */
  readonly picking: boolean;
  /** The event that the selected one is looked at with. */
  readonly other?: string;
}

/** Two events looked at together: why they are linked, or are not, and to link them. */
export const usePairing = create<PairingState>(() => ({ picking: false }));

/** Lets another event be chosen, on the canvas or by search. */
export function startPicking(): void {
  usePairing.setState({ picking: true, other: undefined });
}

/** Looks at the selected event together with this one. */
export function pairWith(other: string): void {
  usePairing.setState({ picking: false, other });
}

/** Looks at one event again; false where no other was there. */
export function endPairing(): boolean {
  const { picking, other } = usePairing.getState();
  if (!picking && other === undefined) return false;
  usePairing.setState({ picking: false, other: undefined });
  return true;
}

useRoute.subscribe(({ route }, before) => {
  if (selectedEvent(route) !== selectedEvent(before.route)) endPairing();
});

/** The newest events that a search finds, of whatever trace; none while the engine is away. */
export async function findEvents(query: string, limit: number): Promise<readonly EventRowDto[]> {
  try {
    const { rows } = await engine().events.list({ query, limit });
    return rows;
  } catch {
    return [];
  }
}
