import type { TraceRow } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { counted } from '../../widgets/format.ts';
import { KeyText } from '../../widgets/key-text.tsx';
import { TraceStatus } from '../../widgets/trace-status.tsx';
import { offered } from './use-found-traces.ts';

interface TraceOffersProps {
  readonly find: string;
  readonly traces: readonly TraceRow[];
}

/** The traces that carry what was typed: each lights up its way. */
export function TraceOffers({ find, traces }: TraceOffersProps) {
  const more = traces.length > offered;
  return (
    <section className="map-trace offers" aria-label="Traces found">
      <span className="map-trace-facts">
        {more ? `More than ${offered} traces carry it` : `${counted(traces.length, 'trace')} found by key`}
      </span>
      {traces.slice(0, offered).map((trace) => {
        const {
          id,
          keys: [key],
          name,
        } = trace;
        return (
          <RouteLink
            key={id}
            className="button"
            to={{ view: 'map', trace: id }}
            title="Show its way on the map"
          >
            {key ? <KeyText {...key} /> : (name ?? id)}
            <TraceStatus trace={trace} />
          </RouteLink>
        );
      })}
      {more && <RouteLink to={{ view: 'traces', query: find }}>All of them</RouteLink>}
    </section>
  );
}
