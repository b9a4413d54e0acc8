import type { Viewport } from '@xyflow/react';
import type { Arrangement } from './arrange.ts';

/** Room at the left that the lanes' names take, and above that the time axis takes, px. */
const laneNames = 136;
const axis = 28;
const margin = 20;
/** The small map with the controls below it, and some air. */
const smallMap = { width: 172, height: 140 } as const;

/**
 * The view of a trace in a window of that size: all of it where it can be read at `least` zoom, else its beginning. Small
 * traces are not blown up.
 */
export function fitted(
  { width, height }: Pick<Arrangement, 'width' | 'height'>,
  windowWidth: number,
  windowHeight: number,
  least: number,
): Viewport {
  const roomX = windowWidth - laneNames - 2 * margin;
  const roomY = windowHeight - axis - margin;
  const zoom = Math.min(
    1,
    Math.max(least, Math.min(roomX / Math.max(1, width), roomY / Math.max(1, height))),
  );
  return { x: laneNames + margin, y: axis, zoom };
}

/** A view of a box in a window of that size: all of it where it can be read at `least` zoom, in the middle. */
export function framed(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  windowWidth: number,
  windowHeight: number,
  least: number,
): Viewport {
  const room = 2 * margin;
  const fit = Math.min(
    (windowWidth - room) / Math.max(1, box.width),
    (windowHeight - room) / Math.max(1, box.height),
  );
  const zoom = Math.min(1, Math.max(least, fit));
  return {
    x: Math.max(margin, (windowWidth - box.width * zoom) / 2) - box.x * zoom,
    y: Math.max(margin, (windowHeight - box.height * zoom) / 2) - box.y * zoom,
    zoom,
  };
}

/**
 * The view moved just enough to show a chip that lies outside, or below what takes the lower right corner. Undefined when
 * nothing has to move.
 */
export function revealing(
  view: Viewport,
  chip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  windowWidth: number,
  windowHeight: number,
  taken: Taken = { left: laneNames, top: axis - 12, corner: smallMap },
): Viewport | undefined {
  const x = nudge(
    view.x + chip.x * view.zoom,
    chip.width * view.zoom,
    taken.left + margin,
    windowWidth - margin,
  );
  const { corner } = taken;
  const covered =
    corner !== undefined && view.x + x + (chip.x + chip.width) * view.zoom > windowWidth - corner.width;
  const y = nudge(
    view.y + chip.y * view.zoom,
    chip.height * view.zoom,
    taken.top + margin,
    windowHeight - (covered ? corner.height : margin),
  );
  return x === 0 && y === 0 ? undefined : { x: view.x + x, y: view.y + y, zoom: view.zoom };
}

/** What lies above the picture: from the left, from the top, and in the lower right corner, px. */
export interface Taken {
  readonly left: number;
  readonly top: number;
  readonly corner?: { readonly width: number; readonly height: number };
}

function nudge(start: number, length: number, from: number, to: number): number {
  if (start < from) return from - start;
  if (start + length > to) return Math.max(from - start, to - start - length);
  return 0;
}
