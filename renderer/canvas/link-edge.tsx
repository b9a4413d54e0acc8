import { BaseEdge, EdgeLabelRenderer } from '@xyflow/react';
import type { Edge, EdgeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { count } from '../widgets/format.ts';
import type { FlowLink } from './flow-graph.ts';
import { roundedPath } from './routes.ts';
import type { Point } from './routes.ts';

export type LinkEdge = Edge<
  { readonly link: FlowLink; readonly points: readonly Point[]; readonly shown: boolean },
  'link'
>;

/** How sure a link is, in a word. */
export function sureness(confidence: number): string {
  return confidence >= 1 ? 'proven' : `inferred, ${Math.round(confidence * 100)} %`;
}

/** Solid when proven, dashed when inferred; its evidence on hover, and when its entry in the list has the focus. */
export const LinkEdgeView = memo(function LinkEdgeView({ data, markerEnd }: EdgeProps<LinkEdge>) {
  const [hovered, setHovered] = useState(false);
  if (!data) return null;
  const { link, points, shown } = data;
  const place = middle(points);
  const [first] = link.links;
  const open = hovered || shown;
  return (
    <>
      <g
        className={`link-edge ${link.proven ? 'proven' : 'inferred'} ${open ? 'shown' : ''}`}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        <BaseEdge path={roundedPath(points, 8)} markerEnd={markerEnd} interactionWidth={16} />
      </g>
      {open && (
        <EdgeLabelRenderer>
          <div
            className="link-label"
            style={{ transform: `translate(-50%, -100%) translate(${place.x}px, ${place.y - 8}px)` }}
          >
            <b>{first.evidence}</b> · {sureness(first.confidence)}
            {link.links.length > 1 && ` · ${count(link.links.length)} links`}
            <p>{first.why}</p>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The middle of the longest stretch. */
function middle(points: readonly Point[]): Point {
  let best: Point = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  for (const [index, point] of points.slice(1).entries()) {
    const before = points[index] ?? point;
    const length = Math.abs(point.x - before.x) + Math.abs(point.y - before.y);
    if (length <= longest) continue;
    longest = length;
    best = { x: (point.x + before.x) / 2, y: (point.y + before.y) / 2 };
  }
  return best;
}
