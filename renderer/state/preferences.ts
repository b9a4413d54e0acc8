import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';

interface Preferences {
  readonly theme: Theme;
  /** Pixels. */
  readonly inspectorWidth: number;
  readonly linksOpen: boolean;
}

const storageKey = 'headwater.preferences';
export const inspectorLimits = { least: 320, most: 900 } as const;

const defaults: Preferences = { theme: 'system', inspectorWidth: 400, linksOpen: true };

/** Reads what was remembered; anything odd in it counts as not remembered. */
export function readPreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return defaults;
  }
  const kept = new Map<string, unknown>(Object.entries(typeof stored === 'object' && stored ? stored : {}));
  const theme = kept.get('theme');
  const width = kept.get('inspectorWidth');
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    inspectorWidth:
      typeof width === 'number' && Number.isFinite(width) ? clampWidth(width) : defaults.inspectorWidth,
    linksOpen: kept.get('linksOpen') !== false,
  };
}

function clampWidth(width: number): number {
  return Math.round(Math.min(inspectorLimits.most, Math.max(inspectorLimits.least, width)));
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
  usePreferences.setState(
    change.inspectorWidth === undefined
      ? change
      : { ...change, inspectorWidth: clampWidth(change.inspectorWidth) },
  );
  try {
    localStorage.setItem(storageKey, JSON.stringify(usePreferences.getState()));
  } catch {
    // Storage may be full or forbidden; nothing depends on it.
  }
}
