import { useState } from 'react';
import { kindWords } from '../../canvas/map-words.ts';
import { useConnections } from '../../state/connections.ts';
import { coverage } from '../../state/map-model.ts';
import type { MapEdge, MapNode } from '../../state/map-model.ts';
import { useMap } from '../../state/map.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { useRoute } from '../../state/route.ts';
import { count, counted, period, rate } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { InspectorSection } from '../../widgets/inspector-section.tsx';
import { rangeWithin } from '../../widgets/range-words.ts';
import { systemTitle } from '../../widgets/system-mark.tsx';
import { Ago } from '../../widgets/time.tsx';
import { EdgeRows } from './edge-rows.tsx';
import { HealthNote } from './health-note.tsx';

/** A channel: what it is, what moves, who publishes and consumes, and what of it was not read. */
export function ChannelFacts({ node }: { readonly node: MapNode }) {
  const edges = useMap((state) => state.edges);
  const [now] = useState(Date.now);
  const past = useMap((state) => state.time === 'past');
  const within = useRoute(({ range }) => rangeWithin(range));
  const connections = useConnections((state) => state.byId);
  const { gaps = [] } = coverage(connections.values(), node) ?? {};
  const ids = (wanted: (edge: MapEdge) => boolean): string[] =>
    [...edges.values()].filter(wanted).map(({ id }) => id);
  const between = ids(({ from, to, kind }) => to === node.id && kind !== 'publishes' && from !== node.id);
  const onward = ids(({ from, kind }) => from === node.id && kind !== 'consumes');
  const query = `channel:${/^[\w.-]+$/.test(node.name) ? node.name : `"${node.name.replaceAll(/["\\]/g, '\\$&')}"`}`;
  return (
    <>
      <HealthNote health={node.health} />
      <dl className="facts">
        <dt>Kind</dt>
        <dd>
          {node.system && systemTitle(node.system)} {kindWords[node.kind]}
        </dd>
        <dt>Cluster</dt>
        <dd>{node.cluster}</dd>
        <dt>Rate</dt>
        <dd>
          {rate(node.rate ?? 0)} {past && <span className="quiet">on average</span>}
        </dd>
        <dt>Recorded</dt>
        <dd>
          {counted(node.events ?? 0, 'event')} {within && <span className="quiet">{within}</span>}
        </dd>
        <dt>Last event</dt>
        <dd>
          {node.last === undefined ? <span className="quiet">none yet</span> : <Ago time={node.last} />}
        </dd>
      </dl>
      <p className="map-ways">
        <RouteLink to={{ view: 'events', query }}>
          Its events <Icon name="right" size={11} />
        </RouteLink>
        <RouteLink to={{ view: 'traces', query }}>
          Traces through it <Icon name="right" size={11} />
        </RouteLink>
      </p>
      <EdgeRows
        title="Producers"
        end="from"
        edges={ids(({ to, kind }) => to === node.id && kind === 'publishes')}
        none="Nobody is known to publish here: events name no producer."
      />
      <EdgeRows
        title="Consumers"
        end="to"
        edges={ids(({ from, kind }) => from === node.id && kind === 'consumes')}
        none="Nobody is known to consume it."
      />
      {between.length > 0 && <EdgeRows title="Filled by" end="from" edges={between} none="" />}
      {onward.length > 0 && <EdgeRows title="Hands on to" end="to" edges={onward} none="" />}
      <InspectorSection title="Gaps of coverage" size={gaps.length} none="None is known.">
        <ul className="rows">
          {gaps.map(({ from, to, count: lost, reason }) => (
            <li key={`${from} ${to} ${reason}`}>
              {reason}
              <span className="row-note">
                {' '}
                {[period(from, to, now), ...(lost === undefined ? [] : [`${count(lost)} events`])].join(', ')}
              </span>
            </li>
          ))}
        </ul>
      </InspectorSection>
    </>
  );
}
