import { BaseEdge, EdgeLabelRenderer } from '@xyflow/react';
import type { Edge, EdgeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import type { LinkDto } from '../../app/contract/page.ts';
import { IconButton } from '../widgets/button.tsx';
import { count } from '../widgets/format.ts';
import type { FlowLink } from './flow-graph.ts';
import { LinkWhy } from './link-why.tsx';
import { roundedPath } from './routes.ts';
import type { Point } from './routes.ts';

export type LinkEdge = Edge<
  {
    readonly link: FlowLink;
    readonly points: readonly Point[];
    readonly shown: boolean;
    readonly trace: string;
  },
  'link'
>;

/** How sure a link is, in a word. */
export function sureness(confidence: number): string {
  return confidence >= 1 ? 'proven' : `inferred, ${Math.round(confidence * 100)} %`;
}

/** How a link is known, in words. */
export function evidenceWords({ evidence, confidence }: Pick<LinkDto, 'evidence' | 'confidence'>): string {
  return evidence === 'user' ? 'yours: you said so' : `${evidence}, ${sureness(confidence)}`;
}

/**
 * Solid when proven, dashed when inferred, marked where the reader said so. Its evidence shows on hover, and when its entry
 * in the list has the focus; a click keeps it open, with what can be asked and said of it.
 */
export const LinkEdgeView = memo(function LinkEdgeView({ data, markerEnd }: EdgeProps<LinkEdge>) {
  const [hovered, setHovered] = useState(false);
  const [pinned, setPinned] = useState(false);
  if (!data) return null;
  const { link, points, shown, trace } = data;
  const place = middle(points);
  const [first] = link.links;
  const open = hovered || shown || pinned;
  const sort = `${link.proven ? 'proven' : 'inferred'} ${link.yours ? 'yours' : ''}`;
  return (
    <>
      {/* The mouse's way; the list of links below is the keyboard's, with the same buttons. */}
      <g
        className={`link-edge ${sort} ${open ? 'shown' : ''}`}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
        onClick={(event) => {
          event.stopPropagation();
          setPinned(!pinned);
        }}
      >
        <BaseEdge path={roundedPath(points, 8)} markerEnd={markerEnd} interactionWidth={16} />
      </g>
      {(open || link.yours) && (
        <EdgeLabelRenderer>
          {link.yours && (
            <span
              className="link-yours"
              style={{ transform: `translate(-50%, -50%) translate(${place.x}px, ${place.y}px)` }}
            >
              yours
            </span>
          )}
          {open && (
            <div
              className={`link-label nopan nodrag nowheel ${pinned ? 'pinned' : ''}`}
              style={{ transform: `translate(-50%, -100%) translate(${place.x}px, ${place.y - 10}px)` }}
            >
              <b>{evidenceWords(first)}</b>
              {link.links.length > 1 && ` · ${count(link.links.length)} links`}
              <p>{first.why}</p>
              {pinned && (
                <>
                  {link.links.length === 1 ? (
                    <LinkWhy link={first} trace={trace} name={`${first.from} → ${first.to}`} />
                  ) : (
                    <p>Each of them is in the list of links below.</p>
                  )}
                  <IconButton
                    icon="cross"
                    label="Close"
                    className="small link-close"
                    onClick={() => setPinned(false)}
                  />
                </>
              )}
            </div>
          )}
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
