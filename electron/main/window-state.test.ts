import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepWindowState, placeWindow, readWindowState } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 2560, height: 1440 };
const kept = { x: 2000, y: 100, width: 1400, height: 900, maximized: false };

describe('where the window opens', () => {
  it('has the size that the page is designed for, at first', () => {
    expect(placeWindow(undefined, [screen])).toEqual({ width: 1280, height: 800, maximized: false });
  });

  it('comes back where it was', () => {
    expect(placeWindow(kept, [screen, right])).toEqual(kept);
    expect(placeWindow({ ...kept, maximized: true }, [screen, right]).maximized).toBe(true);
  });

  it('leaves the choice to the system when its display is gone', () => {
    expect(placeWindow(kept, [screen])).toEqual({ width: 1400, height: 900, maximized: false });
  });

  it('can always be taken hold of, and is no larger than the display it is on', () => {
    const number = fc.integer({ min: -6000, max: 6000 });
    const size = fc.integer({ min: 1, max: 6000 });
    const state = fc.record({ x: number, y: number, width: size, height: size, maximized: fc.boolean() });
    const displays = fc.array(
      fc.record({
        x: number,
        y: number,
        width: fc.integer({ min: 800, max: 4000 }),
        height: fc.integer({ min: 600, max: 3000 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(state, displays, (was, areas) => {
        const { x, y, width, height } = placeWindow(was, areas);
        expect(areas.some((area) => width <= area.width && height <= area.height)).toBe(true);
        if (x === undefined || y === undefined) return;
        expect(
          areas.some(
            (area) =>
              Math.min(x + width, area.x + area.width) - Math.max(x, area.x) >= 100 &&
              y >= area.y - 40 &&
              y + 40 <= area.y + area.height,
          ),
        ).toBe(true);
      }),
    );
  });

  it('is kept in a file, and anything odd in it counts as nothing kept', () => {
    const dir = mkdtempSync(join(tmpdir(), 'headwater-window-'));
    const path = join(dir, 'window.json');
    expect(readWindowState(path)).toBeUndefined();
    keepWindowState(path, kept);
    expect(readWindowState(path)).toEqual(kept);
    for (const odd of ['', '{', '[]', '{"x":1}', '{"x":"1","y":2,"width":3,"height":4,"maximized":true}']) {
      writeFileSync(path, odd);
      expect(readWindowState(path)).toBeUndefined();
    }
    rmSync(dir, { recursive: true });
    expect(() => keepWindowState(path, kept)).not.toThrow();
  });
});
