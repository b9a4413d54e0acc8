import { findOnMap, useMapFocus } from '../../state/map-focus.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { navigate, selectionOf } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { useTrace } from '../../state/trace.ts';
import { IconButton } from '../../widgets/button.tsx';
import { counted } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { Ago } from '../../widgets/time.tsx';
import { TraceStatus } from '../../widgets/trace-status.tsx';

interface TraceBannerProps {
  readonly route: Extract<Route, { view: 'map' }>;
}

/** Which trace is lit up, how it fares, and the way back to it. */
export function TraceBanner({ route }: TraceBannerProps) {
  const detail = useTrace((state) => state.detail);
  const problem = useTrace((state) => state.problem);
  const nowhere = useMapFocus((state) => state.trace?.nodes.size === 0);
  const letGo = (): void => {
    findOnMap('');
    navigate({ view: 'map', ...selectionOf(route) }, { replace: true });
  };
  const [key] = detail?.trace.keys ?? [];
  return (
    <section className="map-trace" aria-label="Trace on the map">
      {detail ? (
        <>
          <b className="ellipsis">{key ? <KeyText {...key} /> : detail.trace.id}</b>
          <TraceStatus trace={detail.trace} />
          <span className="map-trace-facts">
            {counted(detail.trace.events, 'event')}, the last <Ago time={detail.trace.end} />
            {nowhere && '; none of its channels is on the map'}
          </span>
        </>
      ) : problem ? (
        <p className="map-trace-problem">
          <b>{problem.message}</b> {problem.remedy}
        </p>
      ) : (
        <span className="skeleton" style={{ width: 240 }} />
      )}
      {detail && (
        <RouteLink
          className="button"
          to={{ view: 'trace', id: detail.trace.id, form: 'graph', ...selectionOf(route) }}
        >
          <Icon name="traces" size={14} />
          Open trace
        </RouteLink>
      )}
      <IconButton icon="cross" label="Show everything again" hint="Esc" onClick={letGo} />
    </section>
  );
}
