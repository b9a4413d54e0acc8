import type { KeyboardEvent, PointerEvent } from 'react';
import './resizer.css';

interface ResizerProps {
  readonly label: string;
  /** Width of what lies to the right, px. */
  readonly width: number;
  readonly least: number;
  readonly most: number;
  onWidth(width: number): void;
}

const step = 16;

/** The edge of a panel at the right: drag it, or move it with the arrow keys. */
export function Resizer({ label, width, least, most, onWidth }: ResizerProps) {
  const grabbed = (event: PointerEvent<HTMLDivElement>): void => {
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const moved = (move: globalThis.PointerEvent): void => onWidth(width + from - move.clientX);
    handle.addEventListener('pointermove', moved);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', moved), {
      once: true,
    });
  };
  const pressed = (event: KeyboardEvent): void => {
    const change = event.key === 'ArrowLeft' ? step : event.key === 'ArrowRight' ? -step : 0;
    if (change === 0) return;
    event.preventDefault();
    onWidth(width + change);
  };
  return (
    // A separator that can be moved is a control of its own kind; no native element does this.
    <div
      className="resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={grabbed}
      onKeyDown={pressed}
    />
  );
}
