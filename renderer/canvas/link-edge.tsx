import { BaseEdge, EdgeLabelRenderer, useStore } from '@xyflow/react';
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
    /** Its words stay open, with what can be asked and said of it. */
    readonly pinned: boolean;
    /** The trace that it is looked at in. */
    readonly trace: string;
    readonly onClose: () => void;
  },
  'link'
>;

/** How sure a link is, in a word. */
function sureness(confidence: number): string {
  return confidence >= 1 ? 'proven' : `inferred, ${Math.round(confidence * 100)} %`;
}

/** How a link is known, in words. */
export function evidenceWords({ evidence, confidence }: Pick<LinkDto, 'evidence' | 'confidence'>): string {
  return evidence === 'user' ? 'yours: you said so' : `${evidence}, ${sureness(confidence)}`;
}

/**
 * Solid when proven, dashed when inferred, marked where the reader said so. Its evidence shows on hover, and when its entry
 * in the list has the focus; a click keeps it open, with what can be asked and said of it. That is the mouse's way: the list
 * of links is the keyboard's, with the same buttons.
 */
export const LinkEdgeView = memo(function LinkEdgeView({ data, markerEnd }: EdgeProps<LinkEdge>) {
  const [hovered, setHovered] = useState(false);
  if (!data) return null;
  const { link, points, shown, pinned } = data;
  const place = middle(points);
  const open = hovered || shown || pinned;
  const sort = `${link.proven ? 'proven' : 'inferred'} ${link.yours ? 'yours' : ''}`;
  return (
    <>
      <g
        className={`link-edge ${sort} ${open ? 'shown' : ''}`}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
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
          {open && <LinkWords data={data} place={place} />}
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** Width of the words that stay open, and what lane names take at the left and the axis of time above, px. */
const wordsWidth = 340;
const namesWidth = 140;
const axisHeight = 28;

/** How a link is known, above or below its middle, where there is more room. */
function LinkWords({ data, place }: { readonly data: LinkEdge['data'] & object; readonly place: Point }) {
  const { link, pinned, trace, onClose } = data;
  const [first] = link.links;
  const isBelow = useStore(
    ({ transform: [, y, zoom], height }) => pinned && place.y * zoom + y < (height + axisHeight) / 2,
  );
  // All of it within the picture: what is longer scrolls.
  const room = useStore(({ transform: [, y, zoom], height }) => {
    const at = place.y * zoom + y;
    return Math.round((isBelow ? height - at : at - axisHeight) / zoom) - 20;
  });
  const aside = useStore(({ transform: [x, , zoom], width }) => {
    if (!pinned) return 0;
    const [at, half] = [place.x * zoom + x, (wordsWidth / 2) * zoom];
    return (Math.max(namesWidth + half, Math.min(width - half - 8, at)) - at) / zoom;
  });
  const [dy, y] = isBelow ? ['0', place.y + 10] : ['-100%', place.y - 10];
  return (
    <div
      className={`link-label nopan nodrag nowheel ${pinned ? 'pinned' : ''}`}
      style={{
        transform: `translate(-50%, ${dy}) translate(${place.x + aside}px, ${y}px)`,
        ...(pinned && { maxHeight: Math.max(80, Math.min(320, room)) }),
      }}
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
          <IconButton icon="cross" label="Close" className="small link-close" onClick={onClose} />
        </>
      )}
    </div>
  );
}

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
