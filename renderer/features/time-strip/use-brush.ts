import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Axis } from '../../state/time-axis.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Keys that move a handle, in stretches of the axis. */
const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 } as const;

/**
 * A stretch of an axis that is being chosen: dragged over with the mouse, or between two handles that the arrow keys
 * move. `choose` is called when the mouse is let go, and on Enter.
 */
export function useBrush(axis: Axis, choose: (span: Span) => void) {
  const [span, setSpan] = useState<Span>();
  const { from, to, step, buckets } = axis;
  const whole = { from, to };
  const now = span ?? whole;
  const clamp = (time: number): number => Math.min(to, Math.max(from, time));

  const grabbed = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || (event.target as Element).closest('[role=slider]')) return;
    const box = event.currentTarget;
    const { left, width } = box.getBoundingClientRect();
    const edge = (x: number): number =>
      from + Math.round(Math.min(1, Math.max(0, (x - left) / width)) * buckets) * step;
    const anchor = edge(event.clientX);
    let chosen: Span | undefined;
    box.setPointerCapture(event.pointerId);
    const moved = (move: globalThis.PointerEvent): void => {
      const head = edge(move.clientX);
      chosen = head === anchor ? undefined : { from: Math.min(anchor, head), to: Math.max(anchor, head) };
      setSpan(chosen);
    };
    box.addEventListener('pointermove', moved);
    box.addEventListener(
      'lostpointercapture',
      () => {
        box.removeEventListener('pointermove', moved);
        setSpan(undefined);
        if (chosen) choose(chosen);
      },
      { once: true },
    );
  };

  const pressed =
    (end: 'from' | 'to') =>
    (event: KeyboardEvent): void => {
      const { key, shiftKey } = event;
      const by = Object.hasOwn(moves, key) ? moves[key as keyof typeof moves] * (shiftKey ? 10 : 1) : 0;
      if (by !== 0) {
        const time = clamp(now[end] + by * step);
        setSpan(
          end === 'from'
            ? { from: Math.min(time, now.to - step), to: now.to }
            : { from: now.from, to: Math.max(time, now.from + step) },
        );
      } else if (key === 'Enter' && span) {
        setSpan(undefined);
        choose(span);
      } else if (key === 'Escape' && span) setSpan(undefined);
      else return;
      event.preventDefault();
    };

  return { span, now, grabbed, pressed };
}
