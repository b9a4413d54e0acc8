import { EdgeLabelRenderer } from '@xyflow/react';
import type { Edge, EdgeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { useMapFocus } from '../state/map-focus.ts';
import { useMap } from '../state/map.ts';
import { compactly, count } from '../widgets/format.ts';
import { curvePath, pointAt } from './map-path.ts';
import type { Curve } from './map-path.ts';
import { edgeFacts } from './map-words.ts';
import type { Point } from './routes.ts';

export type MapFlowEdge = Edge<{ readonly curve: Curve }, 'map'>;

const hopsShown = 3;

/** A line of the map: solid where it is proven, as wide as much moves, with what waits as a bead before the consumer. */
export const MapEdgeView = memo(function MapEdgeView(props: EdgeProps<MapFlowEdge>) {
  const { id, data, selected } = props;
  const edge = useMap((state) => state.edgeLooks.get(id));
  const shown = useMapFocus((state) => state.shownEdge === id);
  const step = useMapFocus((state) => state.trace?.edges.get(id));
  const dimmed = useMapFocus((state) => state.trace !== undefined && !state.trace.edges.has(id));
  const lost = useMapFocus(
    ({ found }) => found !== undefined && ![edge?.from, edge?.to].some((end) => found.has(end ?? '')),
  );
  const [hovered, setHovered] = useState(false);
  if (!edge || !data) return null;
  const { curve } = data;
  const path = curvePath(curve);
  const middle = pointAt(curve, 0.5);
  const { kind, proven } = edge;
  const open = hovered || shown;
  const looks = [
    kind,
    proven ? 'proven' : 'inferred',
    (open || selected) && 'open',
    edge.lagging && 'lagging',
    edge.quiet && 'quiet',
  ];
  const focus = step ? 'stepped' : dimmed || lost ? 'dimmed' : '';
  return (
    <>
      <g
        className={`map-edge ${looks.filter(Boolean).join(' ')} ${focus}`}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        <path className="map-line" d={path} strokeWidth={edge.width} markerEnd="url(#map-arrow)" />
        <path
          className="react-flow__edge-interaction"
          d={path}
          strokeOpacity={0}
          strokeWidth={16}
          fill="none"
        />
        {kind === 'dead-letters' && <Tomb x={middle.x} y={middle.y} />}
        {kind === 'consumes' && <Bead id={id} curve={curve} />}
        {step && step.hops.length > 0 && <Hops hops={step.hops} x={middle.x} y={middle.y} />}
        <text className="map-edge-text" x={middle.x} y={middle.y - 6 - edge.width / 2}>
          <Figures id={id} />
        </text>
      </g>
      {open && (
        <EdgeLabelRenderer>
          <div
            className="link-label"
            style={{ transform: `translate(-50%, -100%) translate(${middle.x}px, ${middle.y - 10}px)` }}
          >
            <b>{kind}</b> <Figures id={id} all />
            <p>
              {proven ? 'Proven' : 'Inferred'}: {edge.evidence}
            </p>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** What is known of an edge in figures; what waits is on the line already. */
function Figures({ id, all }: { readonly id: string; readonly all?: boolean }) {
  return useMap((state) => {
    const edge = state.edges.get(id);
    return edge ? edgeFacts(all ? edge : { ...edge, lag: undefined }).join(' · ') : '';
  });
}

/** What waits, before the consumer; it grows with the logarithm. */
function Bead({ id, curve }: { readonly id: string; readonly curve: Curve }) {
  const lag = useMap((state) => state.edges.get(id)?.lag) ?? 0;
  if (lag === 0) return null;
  const radius = Math.min(14, 3.5 + Math.log10(1 + lag) * 2.2);
  const end = curve.at(-1) ?? { x: 0, y: 0 };
  const { x, y } = pointBefore(curve, end, radius + 14);
  return (
    <g className="map-bead" transform={`translate(${x} ${y})`}>
      <title>{`${count(lag)} events wait`}</title>
      <circle r={radius} />
      <text y={-radius - 4}>{compactly(lag)}</text>
    </g>
  );
}

/** The last point of the curve that is so far from its end. */
function pointBefore(curve: Curve, end: Point, distance: number): Point {
  for (let part = 0.96; part > 0.5; part -= 0.02) {
    const point = pointAt(curve, part);
    if (Math.hypot(end.x - point.x, end.y - point.y) >= distance) return point;
  }
  return pointAt(curve, 0.5);
}

function Tomb({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g className="map-tomb" transform={`translate(${x - 8} ${y - 8})`}>
      <circle cx="8" cy="8" r="11" />
      <path d="M4.5 13V7.5a3.5 3.5 0 0 1 7 0V13zM3 13h10" />
    </g>
  );
}

function Hops({ hops, x, y }: { readonly hops: readonly number[]; readonly x: number; readonly y: number }) {
  const words = [...hops.slice(0, hopsShown), ...(hops.length > hopsShown ? ['…'] : [])].join(' ');
  const width = 12 + words.length * 6.5;
  return (
    <g className="map-hop" transform={`translate(${x} ${y})`}>
      <rect x={-width / 2} y={-9} width={width} height={18} rx={9} />
      <text y={4}>{words}</text>
    </g>
  );
}
