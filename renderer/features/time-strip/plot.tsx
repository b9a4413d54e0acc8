import { useMemo, useState } from 'react';
import { between } from '../../../app/language/time-range.ts';
import { useHistogram } from '../../state/histogram.ts';
import { showTimes } from '../../state/route.ts';
import { axisTicks, zoneAt } from '../../state/time-axis.ts';
import type { Axis } from '../../state/time-axis.ts';
import { absolute, clock, counted, period } from '../../widgets/format.ts';
import { stackedBars, totals } from './bars.ts';
import { useBrush } from './use-brush.ts';
import type { Span } from './use-brush.ts';

interface PlotProps {
  readonly axis: Axis;
  /** When the selected trace or event was. */
  readonly mark: (Span & { readonly name: string }) | undefined;
}

const day = 86_400_000;
const mostTicks = 8;

/** The bars with their axis. Dragging over them, or moving the two handles, chooses another range. */
export function Plot({ axis, mark }: PlotProps) {
  const series = useHistogram((state) => state.series);
  const bars = useMemo(() => stackedBars(series), [series]);
  const sums = useMemo(() => totals(series), [series]);
  const [hovered, setHovered] = useState<number>();
  const { span, now, grabbed, pressed } = useBrush(axis, ({ from, to }) => showTimes(between(from, to)));
  const { from, to, step, buckets } = axis;
  const part = (time: number): string =>
    `${Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100))}%`;
  const words = (of: Span): string => {
    const events = sums.reduce(
      (sum, count, at) => (from + at * step >= of.from && from + at * step < of.to ? sum + count : sum),
      0,
    );
    return `${period(of.from, of.to)} · ${counted(events, 'event')}`;
  };
  const told =
    span ??
    (hovered === undefined ? undefined : { from: from + hovered * step, to: from + (hovered + 1) * step });

  return (
    <div className="strip-plot">
      <div
        className="strip-bars"
        onPointerDown={grabbed}
        onPointerMove={(event) => {
          const { left, width } = event.currentTarget.getBoundingClientRect();
          setHovered(
            Math.min(buckets - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * buckets))),
          );
        }}
        onPointerLeave={() => setHovered(undefined)}
      >
        <svg viewBox={`0 0 ${buckets} 100`} preserveAspectRatio="none" aria-hidden="true">
          {bars.map(({ system, path }) => (
            <path key={system} className={system} d={path} />
          ))}
        </svg>
        {mark && (
          <span
            className="strip-mark"
            title={mark.name}
            style={{ left: part(mark.from), right: `calc(100% - ${part(mark.to)})` }}
          />
        )}
        {span && (
          <span
            className="strip-span"
            style={{ left: part(span.from), right: `calc(100% - ${part(span.to)})` }}
          />
        )}
        {(['from', 'to'] as const).map((end) => (
          // A handle that slides along an axis of time; a native range would need one field for each.
          <span
            key={end}
            className="strip-handle"
            role="slider"
            tabIndex={0}
            aria-label={end === 'from' ? 'Begin of the range' : 'End of the range'}
            aria-valuemin={0}
            aria-valuemax={buckets}
            aria-valuenow={Math.round((now[end] - from) / step)}
            aria-valuetext={absolute(now[end])}
            title="Arrow keys move it, Enter chooses the range"
            style={{ left: part(now[end]) }}
            onKeyDown={pressed(end)}
          />
        ))}
        {told && (
          <output
            className="strip-told"
            style={{ left: `clamp(96px, ${part((told.from + told.to) / 2)}, 100% - 96px)` }}
          >
            {words(told)}
          </output>
        )}
      </div>
      <div className="strip-ticks" aria-hidden="true">
        {axisTicks(axis, mostTicks, zoneAt(from))
          // Words at the very end would be cut off.
          .filter((tick) => tick < to - (to - from) / 20)
          .map((tick) => (
            <span key={tick} style={{ left: part(tick) }}>
              {tickWords(tick, to - from)}
            </span>
          ))}
      </div>
    </div>
  );
}

/** The day where ticks are days, seconds where the axis is short. */
function tickWords(tick: number, span: number): string {
  if (span > 3 * day) return absolute(tick).slice(5, 10);
  return span > 10 * 60_000 ? clock(tick).slice(0, 5) : span > 5000 ? clock(tick).slice(0, 8) : clock(tick);
}
