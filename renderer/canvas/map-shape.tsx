import { memo } from 'react';
import type { MapNode } from '../state/map-model.ts';

type Kind = MapNode['kind'];

/** Outlines of 184 × 52 px. What a thing is can be seen without its colour. */
const outlines: Readonly<Record<Kind, string>> = {
  // A rounded card
  participant:
    'M16 .5h152a15.5 15.5 0 0 1 15.5 15.5v20a15.5 15.5 0 0 1-15.5 15.5H16A15.5 15.5 0 0 1 .5 36V16A15.5 15.5 0 0 1 16 .5z',
  // A lane
  topic: 'M3 .5h180.5v51H3a2.5 2.5 0 0 1-2.5-2.5V3A2.5 2.5 0 0 1 3 .5z',
  // A stack: two sheets behind the first
  queue:
    'M6.5 44.5v3.5h171V5h-3.5M10 48v3.5h173.5V8.5h-6M3 .5h168.5a2.5 2.5 0 0 1 2.5 2.5v41.5H3A2.5 2.5 0 0 1 .5 42V3A2.5 2.5 0 0 1 3 .5z',
  list: 'M6.5 44.5v3.5h171V5h-3.5M10 48v3.5h173.5V8.5h-6M3 .5h168.5a2.5 2.5 0 0 1 2.5 2.5v41.5H3A2.5 2.5 0 0 1 .5 42V3A2.5 2.5 0 0 1 3 .5z',
  'sqs-queue':
    'M6.5 44.5v3.5h171V5h-3.5M10 48v3.5h173.5V8.5h-6M3 .5h168.5a2.5 2.5 0 0 1 2.5 2.5v41.5H3A2.5 2.5 0 0 1 .5 42V3A2.5 2.5 0 0 1 3 .5z',
  // A tape with a torn end
  stream: 'M.5 .5h183l-5 8.5 5 8.5-5 8.5 5 8.5-5 8.5 5 8.5H.5z',
  // A hub with diamond ends
  exchange: 'M18 .5h148l17.5 25.5-17.5 25.5H18L.5 26z',
  // An open lane
  pubsub: 'M0 .5h184M0 51.5h184',
  'sns-topic': 'M18 .5h148l17.5 25.5-17.5 25.5H18L.5 26z',
};

/** Partitions, perforation: the part that carries the system's hue. */
const details: Readonly<Partial<Record<Kind, string>>> = {
  topic: 'M4 4h8v13H4zM4 19.5h8v13H4zM4 35h8v13H4z',
  queue: 'M4 6h8v33H4z',
  list: 'M4 6h8v9H4zM4 18h8v9H4zM4 30h8v9H4z',
  'sqs-queue': 'M4 6h8v33H4z',
  stream: 'M5 4h6v6H5zM5 17h6v6H5zM5 30h6v6H5zM5 42h6v6H5z',
  exchange: 'M9 26l6-8 6 8-6 8z',
  'sns-topic': 'M9 26l6-8 6 8-6 8z',
  pubsub: 'M0 0h184v3H0zM0 49h184v3H0z',
};

/** The shape of a participant or a kind of channel. */
export const MapShape = memo(function MapShape({ kind }: { readonly kind: Kind }) {
  return (
    <svg className="map-shape" viewBox="0 0 184 52" aria-hidden="true">
      {kind === 'pubsub' && <path className="ground" d="M0 0h184v52H0z" />}
      <path className="outline" d={outlines[kind]} />
      {details[kind] && <path className="detail" d={details[kind]} />}
    </svg>
  );
});
