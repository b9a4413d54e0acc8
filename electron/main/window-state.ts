import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Rectangle } from './electron-api.ts';

const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowState>;

/** Where a window goes; without a position the system chooses one. */
export interface Placement {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

/** The size that the page is designed for, and the least that it is usable at. */
export const sizes = { usual: { width: 1280, height: 800 }, least: { width: 800, height: 560 } } as const;
/** So much of a window has to be on a display that one can take hold of it and drag it. */
const grip = { width: 120, height: 40 };

/** What was kept, moved and made smaller where displays have changed since. */
export function placeWindow(kept: WindowState | undefined, displays: readonly Rectangle[]): Placement {
  if (!kept) return { ...sizes.usual, maximized: false };
  const { x, y, maximized } = kept;
  const width = Math.max(kept.width, sizes.least.width);
  const height = Math.max(kept.height, sizes.least.height);
  const home = displays.find(
    (area) =>
      overlap(x, x + Math.min(width, area.width), area.x, area.x + area.width) >= grip.width &&
      // The title bar is at the top.
      y >= area.y - grip.height / 2 &&
      y + grip.height <= area.y + area.height,
  );
  if (home) {
    return { x, y, width: Math.min(width, home.width), height: Math.min(height, home.height), maximized };
  }
  const [first] = displays;
  return {
    width: Math.min(width, first?.width ?? width),
    height: Math.min(height, first?.height ?? height),
    maximized,
  };
}

const overlap = (from: number, to: number, start: number, end: number): number =>
  Math.min(to, end) - Math.max(from, start);

/** Anything odd in the file counts as nothing kept. */
export function readWindowState(path: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Called while the window closes, which waits for nothing. A folder that cannot be written to costs the position only. */
export function keepWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state));
  } catch {
    // It opens at its usual place next time.
  }
}
