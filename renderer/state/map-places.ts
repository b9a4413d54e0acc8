import { create } from 'zustand';

/**
 * Where a node lies, and why: the reader put it there (`hand`), the flow did (`flow`), or nothing was known to be
 * connected to it yet (`parked`).
 */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly by: 'hand' | 'flow' | 'parked';
}

export type Places = ReadonlyMap<string, Place>;

const storageKey = 'headwater.map-places';
/** The newest that are remembered. */
const most = 2000;

/** Reads what was remembered; what is odd in it is left out. */
export function readPlaces(text: string | null): Places {
  const places = new Map<string, Place>();
  try {
    const stored: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(stored)) return places;
    for (const entry of stored as readonly unknown[]) {
      if (!Array.isArray(entry)) continue;
      const [id, x, y, by] = entry as readonly unknown[];
      if (typeof id === 'string' && isCoordinate(x) && isCoordinate(y) && isReason(by))
        places.set(id, { x, y, by });
    }
  } catch {
    // Not ours, or broken: nothing is remembered.
  }
  return places;
}

/** As `readPlaces` reads it. */
export function printPlaces(places: Places): string {
  return JSON.stringify([...places].slice(-most).map(([id, { x, y, by }]) => [id, x, y, by]));
}

function isCoordinate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < 1e6;
}

function isReason(value: unknown): value is Place['by'] {
  return value === 'hand' || value === 'flow' || value === 'parked';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

interface MapPlaces {
  readonly places: Places;
  /** How often everything was arranged anew. */
  readonly arranged: number;
  /** Why it could not be. */
  readonly error?: Error;
}

/** Where the nodes of the map lie, remembered in this browser for the engine at this address. */
export const useMapPlaces = create<MapPlaces>(() => ({ places: readPlaces(remembered()), arranged: 0 }));

/** Puts nodes somewhere; the others stay. */
export function putPlaces(changed: Places): void {
  keep(new Map([...useMapPlaces.getState().places, ...changed]));
}

/** Puts every node somewhere else. */
export function replacePlaces(places: Places): void {
  useMapPlaces.setState(({ arranged }) => ({ arranged: arranged + 1, error: undefined }));
  keep(places);
}

function keep(places: Places): void {
  useMapPlaces.setState({ places });
  try {
    localStorage.setItem(storageKey, printPlaces(places));
  } catch {
    // Storage may be full or forbidden; the places hold until the page is closed.
  }
}
