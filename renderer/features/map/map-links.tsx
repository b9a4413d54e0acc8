import { memo, useDeferredValue, useState } from 'react';
import type { UIEvent } from 'react';
import { edgeFacts, edgeWords } from '../../canvas/map-words.ts';
import { useMapFocus } from '../../state/map-focus.ts';
import { useMap } from '../../state/map.ts';
import { prefer, resize, sizes, usePreferences } from '../../state/preferences.ts';
import { count } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { Resizer } from '../../widgets/resizer.tsx';

interface MapLinksProps {
  /** Ids, in the order of the flow. */
  readonly edges: readonly string[];
  readonly selected: string | undefined;
  onSelect(edge: string): void;
}

const most = 400;
/** Rows that are there at first, and more when one comes near the end: those out of sight would only cost. */
const page = 40;
const none: readonly string[] = [];
const point = (shownEdge: string | undefined): void => useMapFocus.setState({ shownEdge });

/** Every edge in words: the way to them for keyboard and screen reader. */
export function MapLinks({ edges, selected, onSelect }: MapLinksProps) {
  const open = usePreferences((state) => state.linksOpen);
  const height = usePreferences((state) => state.linksHeight);
  // The picture first.
  const listed = useDeferredValue(edges, none);
  const [rows, setRows] = useState(page);
  const scrolled = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: UIEvent): void => {
    if (scrollTop + clientHeight > scrollHeight - 200) setRows(Math.min(most, rows + page));
  };
  return (
    <section
      className="map-links"
      aria-labelledby="map-links-title"
      style={{ maxHeight: `min(50%, ${height}px)` }}
    >
      {open && (
        <Resizer
          label="Height of the list of links"
          edge="top"
          size={height}
          {...sizes.linksHeight}
          onSize={(size) => resize('linksHeight', size)}
        />
      )}
      <button
        type="button"
        id="map-links-title"
        className="map-links-toggle"
        aria-expanded={open}
        onClick={() => prefer({ linksOpen: !open })}
      >
        <Icon name={open ? 'down' : 'right'} size={12} />
        Links <span>{count(edges.length)}</span>
      </button>
      {open && (
        <ul className="map-links-rows" aria-label="Links" onScroll={scrolled}>
          {listed.slice(0, rows).map((id) => (
            <MapLink key={id} id={id} selected={id === selected} onSelect={onSelect} />
          ))}
          {edges.length > most && rows === most && (
            <li className="inspector-none">
              {count(edges.length - most)} more are not listed: select a node to see its own.
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

interface MapLinkProps {
  readonly id: string;
  readonly selected: boolean;
  onSelect(edge: string): void;
}

const MapLink = memo(function MapLink({ id, selected, onSelect }: MapLinkProps) {
  const edge = useMap((state) => state.edges.get(id));
  const from = useMap((state) => (edge ? state.nodes.get(edge.from)?.name : undefined));
  const to = useMap((state) => (edge ? state.nodes.get(edge.to)?.name : undefined));
  if (!edge) return null;
  const { kind, proven, evidence } = edge;
  const facts = edgeFacts(edge).join(' · ');
  const sure = proven ? 'proven' : 'inferred';
  return (
    <li>
      <button
        type="button"
        className={`map-links-row ${selected ? 'touched' : ''}`}
        aria-pressed={selected}
        onFocus={() => point(id)}
        onBlur={() => point(undefined)}
        onPointerEnter={() => point(id)}
        onPointerLeave={() => point(undefined)}
        onClick={() => onSelect(id)}
      >
        <span className="visually-hidden">
          {`${from} ${edgeWords[kind]} ${to}: ${[facts, sure].filter(Boolean).join(', ')}`}
        </span>
        <span className={`map-links-line ${proven ? '' : 'dashed'}`} aria-hidden="true" />
        <span className="ellipsis" aria-hidden="true">
          {from}
        </span>
        <span className="map-links-kind" aria-hidden="true">
          {kind === 'dead-letters' && <Icon name="tomb" size={12} />}
          {edgeWords[kind]}
        </span>
        <span className="ellipsis" aria-hidden="true">
          {to}
        </span>
        <span className={`ellipsis ${edge.lagging ? 'warn' : ''}`} aria-hidden="true">
          {facts}
        </span>
        <span className="map-links-why ellipsis" aria-hidden="true">
          {evidence.includes(sure) ? evidence : `${evidence}, ${sure}`}
        </span>
      </button>
    </li>
  );
});
