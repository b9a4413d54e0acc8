import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';

/** How large panels may be made, and are at first, px. */
export const sizes = {
  inspectorWidth: { least: 320, most: 900, first: 400 },
  linksHeight: { least: 84, most: 600, first: 144 },
  stripHeight: { least: 72, most: 320, first: 88 },
} as const;

export type Panel = keyof typeof sizes;

interface Preferences extends Readonly<Record<Panel, number>> {
  readonly theme: Theme;
  readonly linksOpen: boolean;
  readonly stripOpen: boolean;
}

const storageKey = 'headwater.preferences';

/** Reads what was remembered; anything odd in it counts as not remembered. */
export function readPreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    stored = undefined;
  }
  const kept = new Map<string, unknown>(Object.entries(typeof stored === 'object' && stored ? stored : {}));
  const theme = kept.get('theme');
  const size = (panel: Panel): number => {
    const value = kept.get(panel);
    return typeof value === 'number' && Number.isFinite(value) ? clamp(panel, value) : sizes[panel].first;
  };
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    inspectorWidth: size('inspectorWidth'),
    linksHeight: size('linksHeight'),
    stripHeight: size('stripHeight'),
    linksOpen: kept.get('linksOpen') !== false,
    stripOpen: kept.get('stripOpen') !== false,
  };
}

function clamp(panel: Panel, value: number): number {
  return Math.round(Math.min(sizes[panel].most, Math.max(sizes[panel].least, value)));
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** What the reader arranged, remembered in this browser. */
export const usePreferences = create<Preferences>(() => readPreferences(remembered()));

/** Changes some of it and remembers; where storage is refused, it holds until the page is closed. */
export function prefer(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  try {
    localStorage.setItem(storageKey, JSON.stringify(usePreferences.getState()));
  } catch {
    // Storage may be full or forbidden; nothing depends on it.
  }
}

/** Makes a panel larger or smaller, within its limits. */
export function resize(panel: Panel, size: number): void {
  prefer({ [panel]: clamp(panel, size) });
}
