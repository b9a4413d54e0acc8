import { useStore, ViewportPortal } from '@xyflow/react';
import { absolute, deltas, duration } from '../widgets/format.ts';
import type { Arrangement, PlacedColumn } from './arrange.ts';

/** Waits at least this long, ms, have their length written into them. */
const worthSaying = 1000;

/** Behind the chips: the lanes, and long waits as marked lengths. */
export function Backdrop({ arranged }: { readonly arranged: Arrangement }) {
  return (
    <ViewportPortal>
      <div className="backdrop">
        {arranged.lanes.map((lane, index) => (
          <div
            key={lane.id}
            className={`lane-band ${index % 2 ? 'other' : ''}`}
            style={{ top: lane.y, height: lane.height, width: arranged.width + 8000 }}
          />
        ))}
        {arranged.columns.map(({ x, wait, waitFrom, start }) =>
          wait < worthSaying ? null : (
            <div
              key={start}
              className="wait-band"
              style={{ left: waitFrom + 4, width: x - waitFrom - 8, height: arranged.height }}
            />
          ),
        )}
      </div>
    </ViewportPortal>
  );
}

/** Names of the lanes, held at the left edge while the canvas moves beneath. */
export function LaneNames({ arranged }: { readonly arranged: Arrangement }) {
  const [, top, zoom] = useStore((state) => state.transform);
  return (
    <div className="lane-names" aria-hidden="true">
      {arranged.lanes.map(({ id, title, note, y, height }) => (
        <div key={id} className="lane-name" style={{ top: top + y * zoom, height: height * zoom }}>
          <span className={`lane-title ${id.startsWith('channel ') ? 'unknown' : ''}`} title={title}>
            {title}
          </span>
          {note && height * zoom > 34 && (
            <span className="lane-note ellipsis" title={note}>
              {note}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

interface TimeAxisProps {
  readonly arranged: Arrangement;
  /** Start of the trace, epoch ms. */
  readonly start: number;
}

/** Time since the trace began, above the columns. The scale is compressed: waits are drawn by their order of magnitude. */
export function TimeAxis({ arranged, start }: TimeAxisProps) {
  const [left, , zoom] = useStore((state) => state.transform);
  const shown = ticks(arranged.columns, left, zoom);
  const words = deltas(shown.map(({ column }) => column.start - start));
  return (
    <div
      className="time-axis"
      aria-hidden="true"
      title="Time since the trace began; long waits are compressed"
    >
      {shown.map(({ column, x, room }, index) => (
        <span key={column.start} className="tick" style={{ left: x }} title={absolute(column.start)}>
          {column.wait >= worthSaying && room > 84 && (
            <span className="tick-wait" style={{ width: room - 8 }}>
              {duration(column.wait)}
            </span>
          )}
          {words[index]}
        </span>
      ))}
    </div>
  );
}

/** The columns whose time can be written without covering the one before; `room` is how wide their wait is drawn. */
function ticks(
  columns: readonly PlacedColumn[],
  left: number,
  zoom: number,
): { column: PlacedColumn; x: number; room: number }[] {
  let free = Number.NEGATIVE_INFINITY;
  return columns.flatMap((column) => {
    const x = left + column.x * zoom;
    if (x < free) return [];
    free = x + 64;
    return [{ column, x, room: (column.x - column.waitFrom) * zoom }];
  });
}
