import { useMapFocus } from '../../state/map-focus.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { navigate } from '../../state/route.ts';
import type { Route } from '../../state/route.ts';
import { useTrace } from '../../state/trace.ts';
import { IconButton } from '../../widgets/button.tsx';
import { counted } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { Ago } from '../../widgets/time.tsx';
import { TraceStatus } from '../../widgets/trace-status.tsx';

/** Which trace is lit up, how it fares, and the way back to it. */
export function TraceBanner({ route }: { readonly route: Extract<Route, { view: 'map' }> }) {
  const detail = useTrace((state) => state.detail);
  const problem = useTrace((state) => state.problem);
  const nowhere = useMapFocus((state) => state.trace?.nodes.size === 0);
  const letGo = (): void => navigate({ view: 'map', select: route.select }, { replace: true });
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
        <ProblemNote problem={problem} />
      ) : (
        <span className="skeleton" style={{ width: 240 }} />
      )}
      <RouteLink
        className="button"
        to={{ view: 'trace', id: detail?.trace.id ?? route.trace ?? '', form: 'graph' }}
      >
        <Icon name="traces" size={14} />
        Open trace
      </RouteLink>
      <IconButton icon="cross" label="Show everything again" hint="Esc" onClick={letGo} />
    </section>
  );
}
