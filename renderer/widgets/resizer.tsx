import type { KeyboardEvent, PointerEvent } from 'react';
import './resizer.css';

interface ResizerProps {
  readonly label: string;
  /** The panel's edge that moves. */
  readonly edge: 'left' | 'top';
  /** Size of the panel, px. */
  readonly size: number;
  readonly least: number;
  readonly most: number;
  onSize(size: number): void;
}

const step = 16;

/** The edge of a panel at the right or at the bottom: drag it, or move it with the arrow keys, Home and End. */
export function Resizer({ label, edge, size, least, most, onSize }: ResizerProps) {
  const across = edge === 'left' ? 'clientX' : 'clientY';
  const [more, less] = edge === 'left' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const grabbed = (event: PointerEvent<HTMLDivElement>): void => {
    const from = event[across];
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const moved = (move: globalThis.PointerEvent): void => onSize(size + from - move[across]);
    handle.addEventListener('pointermove', moved);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', moved), {
      once: true,
    });
  };
  const pressed = (event: KeyboardEvent): void => {
    const wanted = new Map([
      [more, size + step],
      [less, size - step],
      ['Home', least],
      ['End', most],
    ]).get(event.key);
    if (wanted === undefined) return;
    event.preventDefault();
    onSize(wanted);
  };
  return (
    // A separator that can be moved is a control of its own kind; no native element does this.
    <div
      className={`resizer ${edge}`}
      role="separator"
      aria-orientation={edge === 'left' ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={grabbed}
      onKeyDown={pressed}
    />
  );
}
