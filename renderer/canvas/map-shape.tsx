import { memo } from 'react';
import type { MapNode } from '../state/map-model.ts';

type Kind = MapNode['kind'];

interface Shape {
  readonly outline: string;
  /** What lies behind it: the sheets of a stack. */
  readonly behind?: string;
  /** Partitions, perforation: the part that carries the system's hue. */
  readonly detail?: string;
}

const box =
  'M.5 3a2.5 2.5 0 0 1 2.5-2.5h162a2.5 2.5 0 0 1 2.5 2.5v46a2.5 2.5 0 0 1-2.5 2.5H3A2.5 2.5 0 0 1 .5 49z';
const sheet =
  'M.5 3A2.5 2.5 0 0 1 3 .5h155a2.5 2.5 0 0 1 2.5 2.5v41a2.5 2.5 0 0 1-2.5 2.5H3A2.5 2.5 0 0 1 .5 44z';
const sheets = 'M8.5 9.5h159v42h-159z|M4.5 5.5h159v43h-159z';
const hub = 'M16 .5h136L167.5 26 152 51.5H16L.5 26z';
const diamond = 'M8 26l6-8 6 8-6 8z';

/** Outlines of 168 × 52 px. What a thing is can be seen without its colour. */
const shapes: Readonly<Record<Kind, Shape>> = {
  participant: {
    outline:
      'M.5 16A15.5 15.5 0 0 1 16 .5h136a15.5 15.5 0 0 1 15.5 15.5v20a15.5 15.5 0 0 1-15.5 15.5H16A15.5 15.5 0 0 1 .5 36z',
  },
  topic: { outline: box, detail: 'M4 4h8v13H4zM4 19.5h8v13H4zM4 35h8v13H4z' },
  queue: { outline: sheet, behind: sheets, detail: 'M4 4h8v39H4z' },
  'sqs-queue': { outline: sheet, behind: sheets, detail: 'M4 4h8v39H4z' },
  list: { outline: sheet, behind: sheets, detail: 'M4 4h8v11H4zM4 18h8v11H4zM4 32h8v11H4z' },
  // A tape with torn ends and a perforation
  stream: {
    outline: 'M.5 .5h167l-5 8.5 5 8.5-5 8.5 5 8.5-5 8.5 5 8.5H.5z',
    detail: 'M5 4h6v6H5zM5 17h6v6H5zM5 30h6v6H5zM5 42h6v6H5z',
  },
  exchange: { outline: hub, detail: diamond },
  'sns-topic': { outline: hub, detail: diamond },
  // A lane that is open at both ends
  pubsub: {
    outline: 'M0 .5h168M0 51.5h168',
    behind: 'M0 0h168v52H0z',
    detail: 'M0 0h168v3H0zM0 49h168v3H0z',
  },
};

/** The shape of a participant or a kind of channel. */
export const MapShape = memo(function MapShape({ kind }: { readonly kind: Kind }) {
  const { outline, behind, detail } = shapes[kind];
  return (
    <svg className="map-shape" viewBox="0 0 168 52" aria-hidden="true">
      {behind?.split('|').map((path) => (
        <path key={path} className="behind" d={path} />
      ))}
      <path className="outline" d={outline} />
      {detail && <path className="detail" d={detail} />}
    </svg>
  );
});
