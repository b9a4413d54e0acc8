import { useEffect } from 'react';
import { useEvents } from '../../state/events.ts';
import { showHistogram, useHistogram, widened } from '../../state/histogram.ts';
import { prefer, resize, sizes, usePreferences } from '../../state/preferences.ts';
import { selectedEvent, showTimes, useRoute } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { useTrace } from '../../state/trace.ts';
import { IconButton } from '../../widgets/button.tsx';
import { eventName } from '../../widgets/event-chip.tsx';
import { count, counted } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { rangeName } from '../../widgets/range-words.ts';
import { Resizer } from '../../widgets/resizer.tsx';
import { systemTitle } from '../../widgets/system-mark.tsx';
import { totals } from './bars.ts';
import { Plot } from './plot.tsx';
import type { Span } from './use-brush.ts';
import './time-strip.css';

/** One time axis for all views: how many events there were, when, on which system, and which stretch is looked at. */
export function TimeStrip() {
  const route = useRoute((state) => state.route);
  const range = useRoute((state) => state.range);
  const open = usePreferences((state) => state.stripOpen);
  const height = usePreferences((state) => state.stripHeight);
  const { axis, series, nothing, problem } = useHistogram();
  const mark = useMark(route);
  const query = route.view === 'traces' || route.view === 'events' ? route.query : '';
  useEffect(() => showHistogram(open ? { query, range } : undefined), [open, query, range]);
  useEffect(() => () => showHistogram(undefined), []);
  const events = totals(series).reduce((sum, each) => sum + each, 0);
  return (
    <section className="strip" aria-label="Time" style={open ? { height } : undefined}>
      {open && (
        <Resizer
          label="Height of the time strip"
          edge="top"
          size={height}
          {...sizes.stripHeight}
          onSize={(size) => resize('stripHeight', size)}
        />
      )}
      <header className="strip-head">
        <button
          type="button"
          className="strip-toggle"
          aria-expanded={open}
          onClick={() => prefer({ stripOpen: !open })}
        >
          <Icon name={open ? 'down' : 'right'} size={12} />
          {rangeName(range)}
        </button>
        {open && axis && <span className="strip-count">{counted(events, 'event')}</span>}
        {open && (
          <ul className="strip-legend" aria-label="Events by broker">
            {series.map(({ system, counts }) => (
              <li key={system}>
                <i className={system} aria-hidden="true" />
                {systemTitle(system)} {count(counts.reduce((sum, each) => sum + each, 0))}
              </li>
            ))}
          </ul>
        )}
        {open && (
          <IconButton
            icon="minus"
            label="Show a longer time"
            className="small"
            disabled={range.kind === 'all'}
            onClick={() => showTimes(widened(range))}
          />
        )}
      </header>
      {open &&
        (axis ? (
          <Plot axis={axis} mark={mark} />
        ) : (
          <p className="strip-none">{problem ?? (nothing && 'No event was recorded yet.')}</p>
        ))}
    </section>
  );
}

/** When the open trace, or else the selected event, was. */
function useMark(route: Route): (Span & { name: string }) | undefined {
  const trace = useTrace((state) => state.detail?.trace);
  const event = useEvents((state) => state.byId.get(selectedEvent(route) ?? '')?.head);
  if (route.view === 'trace' && trace) {
    const [key] = trace.keys;
    const name = key ? `${key.name}=${key.value}` : trace.id;
    return { from: trace.start, to: trace.end, name: `Trace ${name}` };
  }
  return event && { from: event.time, to: event.time, name: eventName(event) };
}
