import type { Node, NodeProps } from '@xyflow/react';
import { Fragment, memo } from 'react';
import { useMapFocus } from '../state/map-focus.ts';
import { useMap } from '../state/map.ts';
import { compactly, count, counted, rate } from '../widgets/format.ts';
import { Icon } from '../widgets/icon.tsx';
import { SystemMark } from '../widgets/system-mark.tsx';
import { MapShape } from './map-shape.tsx';
import { healthIcons, kindWords, nodeName } from './map-words.ts';
import './map.css';

export type MapFlowNode = Node<Record<string, never>, 'map'>;

const hopsShown = 3;

/** A participant or a channel. It subscribes to itself: what others do draws nothing here, and a new figure draws only the figure. */
export const MapNodeView = memo(function MapNodeView({ id, selected }: NodeProps<MapFlowNode>) {
  const node = useMap((state) => state.nodeLooks.get(id));
  const name = node?.name ?? '';
  const step = useMapFocus((state) => state.trace?.nodes.get(id));
  const here = useMapFocus((state) => state.trace?.now === id);
  const dimmed = useMapFocus(
    (state) =>
      (state.trace !== undefined && !state.trace.nodes.has(id)) ||
      (state.found !== undefined && !state.found.has(id)),
  );
  if (!node) return null;
  const { kind, system, cluster, ambiguous, health, quiet } = node;
  const looks = [
    ...[system ?? 'nobody', kind, health.state],
    ...[selected && 'selected', dimmed && 'dimmed', quiet && 'quiet'],
  ];
  return (
    <>
      {/* It is named in short; what it shows besides is no part of its name. */}
      <span className="visually-hidden">{nodeName(node)}</span>
      <div className={`map-node ${looks.filter(Boolean).join(' ')}`} aria-hidden="true">
        <MapShape kind={kind} />
        {/* Where lines begin and end: React Flow reads their places, and nothing can be connected here. */}
        <i className="map-end target" data-handlepos="left" />
        <i className="map-end source" data-handlepos="right" />
        <div className="map-name ellipsis" title={name}>
          {/* From afar a long name takes two lines, parted at its dots. */}
          {name.split('.').map((part, index, { length }) => (
            <Fragment key={index}>
              {part}
              {index < length - 1 && '.'}
              <wbr />
            </Fragment>
          ))}
        </div>
        <div className="map-facts">
          {system && <SystemMark system={system} silent />}
          <span className="ellipsis">
            {ambiguous ? cluster : kind === 'pubsub' ? 'pub/sub' : kindWords[kind]}
          </span>
          <Moves id={id} />
        </div>
        {health.state !== 'well' && (
          <span className={`map-health ${health.state}`} title={health.words}>
            <Icon name={healthIcons[health.state]} size={11} />
          </span>
        )}
        {step && (step.hops.length > 0 || step.pending || here) && (
          <span className="map-hops">
            {step.hops.slice(0, hopsShown).map((hop) => (
              <b key={hop}>{hop}</b>
            ))}
            {step.hops.length > hopsShown && <span>+{step.hops.length - hopsShown}</span>}
            {here && <span className="map-here">last event</span>}
            {step.pending && (
              <span className="map-pending" title="An event of the trace waits for it">
                <Icon name="clock" size={11} /> waits
              </span>
            )}
          </span>
        )}
      </div>
    </>
  );
});

/** What moves; of what does not, how much there is. */
function Moves({ id }: { readonly id: string }) {
  const moves = useMap((state) => (state.time === 'past' ? undefined : state.nodes.get(id)?.rate));
  const events = useMap((state) => (moves ? undefined : state.nodes.get(id)?.events));
  if (moves !== undefined && moves > 0)
    return (
      <span className="map-rate" title={rate(moves)}>
        {count(moves)}/s
      </span>
    );
  if (events !== undefined && events > 0)
    return (
      <span className="map-rate still" title={counted(events, 'event')}>
        {compactly(events)} {events === 1 ? 'event' : 'events'}
      </span>
    );
  return null;
}
