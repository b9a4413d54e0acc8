import type { MapEdge } from '../../state/map-model.ts';
import { useMap } from '../../state/map.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { useRoute } from '../../state/route.ts';
import { count, counted, rate } from '../../widgets/format.ts';
import { HealthNote } from './health-note.tsx';
import { WaitingList } from './waiting-list.tsx';

const kinds: Readonly<Record<MapEdge['kind'], string>> = {
  publishes: 'publishes',
  consumes: 'consumes',
  routes: 'routes: the same event is handed on',
  'dead-letters': 'dead-letters: what was given up is put aside here',
};

/** A line of the map: what moves along it, how that is known, and what waits at its end. */
export function EdgeFacts({ edge }: { readonly edge: MapEdge }) {
  const { from, to, kind, lag, lagging } = edge;
  const past = useMap((state) => state.time === 'past');
  return (
    <>
      {lagging && (
        <HealthNote health={{ state: 'lagging', words: 'What waits here has grown at each look.' }} />
      )}
      <dl className="facts">
        <dt>Kind</dt>
        <dd>{kinds[kind]}</dd>
        <dt>From</dt>
        <dd>
          <End id={from} />
        </dd>
        <dt>To</dt>
        <dd>
          <End id={to} />
        </dd>
        {edge.routingKeys !== '' && (
          <>
            <dt>Routing key</dt>
            <dd className="mono">{edge.routingKeys}</dd>
          </>
        )}
        {edge.rate !== undefined && (
          <>
            <dt>Rate</dt>
            <dd>{rate(edge.rate)}</dd>
          </>
        )}
        {edge.events !== undefined && (
          <>
            <dt>Recorded</dt>
            <dd>{counted(edge.events, 'event')}</dd>
          </>
        )}
        {kind === 'consumes' && !past && (
          <>
            <dt>Lag</dt>
            <dd>
              {lag === undefined ? (
                <span className="quiet">the system does not say</span>
              ) : (
                `${count(lag)} waiting`
              )}
            </dd>
          </>
        )}
        <dt>Evidence</dt>
        <dd>
          {edge.evidence} <span className="quiet">{edge.proven ? 'proven' : 'inferred'}</span>
        </dd>
      </dl>
      {kind === 'consumes' && !past && <WaitingList of={[{ channel: from, consumer: to }]} lag={lag} />}
    </>
  );
}

function End({ id }: { readonly id: string }) {
  const name = useMap((state) => state.nodes.get(id)?.name ?? id);
  const trace = useRoute(({ route }) => (route.view === 'map' ? route.trace : undefined));
  return <RouteLink to={{ view: 'map', trace, select: id }}>{name}</RouteLink>;
}
