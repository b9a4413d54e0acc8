import { useMemo } from 'react';
import type { LinkDto, TraceDetailDto } from '../../../app/contract/page.ts';
import { linkId } from '../../canvas/flow-graph.ts';
import type { FlowGraph } from '../../canvas/flow-graph.ts';
import { sureness } from '../../canvas/link-edge.tsx';
import { prefer, resize, sizes, usePreferences } from '../../state/preferences.ts';
import { count, duration } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { Resizer } from '../../widgets/resizer.tsx';

interface LinksListProps {
  readonly detail: TraceDetailDto;
  readonly graph: FlowGraph;
  readonly selected: string | undefined;
  /** Shows a link's evidence on the canvas while the list points at it. */
  onShow(link: string | undefined): void;
  onSelect(event: string): void;
}

const most = 400;

/** Every link in words: what led to what, and how that is known. The way to the edges for keyboard and screen reader. */
export function LinksList({ detail, graph, selected, onShow, onSelect }: LinksListProps) {
  const open = usePreferences((state) => state.linksOpen);
  const height = usePreferences((state) => state.linksHeight);
  const { events, links } = detail;
  const heads = useMemo(() => new Map(events.map((event) => [event.id, event])), [events]);
  const edgeOf = useMemo(
    () =>
      new Map(graph.links.flatMap(({ id, links: all }) => all.map((link) => [linkId(link), id] as const))),
    [graph],
  );
  const ordered = useMemo(() => {
    const time = (id: string): number => heads.get(id)?.time ?? 0;
    return links.toSorted((a, b) => time(a.to) - time(b.to) || time(a.from) - time(b.from));
  }, [links, heads]);
  const name = (id: string): string => heads.get(id)?.type ?? id;
  const wait = (link: LinkDto): string => {
    const [from, to] = [heads.get(link.from), heads.get(link.to)];
    return from && to ? duration(to.time - from.time) : '';
  };
  return (
    <section className="links" aria-labelledby="links-title" style={{ maxHeight: `min(60%, ${height}px)` }}>
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
        id="links-title"
        className="links-toggle"
        aria-expanded={open}
        onClick={() => prefer({ linksOpen: !open })}
      >
        <Icon name={open ? 'down' : 'right'} size={12} />
        Links <span className="links-count">{count(links.length)}</span>
      </button>
      {open && links.length === 0 && (
        <p className="links-none">
          No link between these events is known. They are one trace because they share {keyNames(detail)}.
        </p>
      )}
      {open && links.length > 0 && (
        <ul className="links-rows" aria-label="Links">
          {ordered.slice(0, most).map((link) => {
            const touched = link.from === selected || link.to === selected;
            const edge = edgeOf.get(linkId(link));
            const sure = sureness(link.confidence);
            return (
              <li key={linkId(link)}>
                <button
                  type="button"
                  className={`links-row ${touched ? 'touched' : ''}`}
                  title={link.why}
                  onFocus={() => onShow(edge)}
                  onBlur={() => onShow(undefined)}
                  onPointerEnter={() => onShow(edge)}
                  onPointerLeave={() => onShow(undefined)}
                  onClick={() => onSelect(link.to)}
                >
                  <span className="visually-hidden">
                    {`${name(link.from)} → ${name(link.to)}: ${link.evidence}, ${sure}`}
                  </span>
                  <span className={`links-line ${link.confidence >= 1 ? '' : 'dashed'}`} aria-hidden="true" />
                  <span className="ellipsis" aria-hidden="true">
                    {name(link.from)}
                  </span>
                  <Icon name="arrow" size={12} />
                  <span className="ellipsis" aria-hidden="true">
                    {name(link.to)}
                  </span>
                  <span className="links-wait" aria-hidden="true">
                    {wait(link)}
                  </span>
                  <span className="links-evidence" aria-hidden="true">
                    {link.evidence}, {sure}
                  </span>
                  <span className="links-why ellipsis" aria-hidden="true">
                    {link.why}
                  </span>
                </button>
              </li>
            );
          })}
          {ordered.length > most && (
            <li className="links-none">
              {count(ordered.length - most)} more are not listed: select an event to see its own links.
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function keyNames({ trace }: TraceDetailDto): string {
  return trace.keys.length === 0
    ? 'nothing else'
    : trace.keys.map(({ name, value }) => `${name}=${value}`).join(', ');
}
