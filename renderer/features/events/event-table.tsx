import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MouseEvent } from 'react';
import type { EventRowDto } from '../../../app/contract/page.ts';
import { followEvents, keepPlaceInEvents, lookAtEvents, placeInEvents } from '../../state/event-list.ts';
import { countRows, placeOf, rowsBetween } from '../../state/event-pages.ts';
import type { EventPages } from '../../state/event-pages.ts';
import { navigate } from '../../state/route.ts';
import { useKeys } from '../../widgets/use-keys.ts';
import { useStillness } from '../../widgets/use-stillness.ts';
import { columns } from './event-columns.tsx';
import { EventLine, rowHeight } from './event-line.tsx';
import { EventMenu } from './event-menu.tsx';
import type { MenuPlace } from './event-menu.tsx';
import type { EventColumn } from './filter-terms.ts';

interface EventTableProps {
  readonly list: EventPages;
  readonly query: string;
  /** The selected event. */
  readonly event: string | undefined;
  /** The reader holds the tail. */
  readonly held: boolean;
  /** True: everything moves on again; false: the reader scrolled or points at something. */
  onFollow(follows: boolean): void;
  onHold(held: boolean): void;
}

/** Browsers cannot scroll boxes taller than some 16 million px. */
const mostRows = 500_000;

/** The tail itself: only rows on screen are mounted, and those near them are held. */
export function EventTable({ list, query, event, held, onFollow, onHold }: EventTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace>();
  const total = Math.min(mostRows, countRows(list));
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialOffset: placeInEvents().offset,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => lookAtEvents(first, last), [first, last, list]);
  const rows = rowsBetween(list, first, last);

  const { still, release } = useStillness(scroller);
  const scrolledBy = virtual.scrollOffset ?? 0;
  const scrolled = scrolledBy > rowHeight / 2;
  useEffect(() => keepPlaceInEvents({ offset: scrolledBy, held }), [scrolledBy, held]);
  const follows = !scrolled && !still && !held && event === undefined && menu === undefined;
  useEffect(() => {
    followEvents(follows);
    onFollow(follows);
  }, [follows, onFollow]);

  const select = useCallback(
    (row: EventRowDto | undefined): void =>
      navigate({ view: 'events', query, ...(row ? { event: row.id } : {}) }, { replace: true }),
    [query],
  );
  const place = event === undefined ? -1 : placeOf(list, event);
  const selected = place < 0 ? undefined : rowsBetween(list, place, place)[0];
  const step = (by: number): void => {
    const next = Math.min(total - 1, Math.max(0, place < 0 ? first : place + by));
    virtual.scrollToIndex(next);
    const [row] = rowsBetween(list, next, next);
    if (row) select(row);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => (selected ? openTrace(selected) : false),
    f: () => {
      const line = selected && lineOf(scroller.current, selected.id);
      if (line) setMenu({ row: selected, at: line.getBoundingClientRect() });
    },
    ' ': () => onHold(!held),
    Escape: () => {
      select(undefined);
      onHold(false);
      release();
      virtual.scrollToOffset(0);
    },
  });

  const askedFor = useCallback(
    (row: EventRowDto, pointer: MouseEvent): void => {
      const cell = (pointer.target as Element).closest<HTMLElement>('[data-column]');
      const column = cell?.dataset['column'] as EventColumn | undefined;
      pointer.preventDefault();
      select(row);
      const at = new DOMRect(pointer.clientX, pointer.clientY, 0, 0);
      setMenu({ row, ...(column ? { column } : {}), at });
    },
    [select],
  );

  return (
    <>
      <div
        className="event-table"
        role="grid"
        aria-label="Events"
        aria-rowcount={list.more ? -1 : total + 1}
        aria-readonly="true"
      >
        <div className="event-head" role="row" aria-rowindex={1}>
          {columns.map(({ id, title }) => (
            <div key={id} role="columnheader" className={`cell tail-${id}`}>
              {title}
            </div>
          ))}
        </div>
        <div className="event-scroll" ref={scroller} role="rowgroup">
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {rows.map((row, offset) => (
              <EventLine
                key={row?.id ?? `place ${first + offset}`}
                row={row}
                index={first + offset}
                selected={row !== undefined && row.id === event}
                onSelect={select}
                onMenu={askedFor}
              />
            ))}
          </div>
          {list.more && (
            <p className="event-rest">
              {total < mostRows
                ? 'Older events are on the way…'
                : 'Older events are not listed: choose an earlier time, or search for a key.'}
            </p>
          )}
        </div>
      </div>
      <EventMenu place={menu} query={query} onClose={() => setMenu(undefined)} />
    </>
  );
}

function openTrace({ id, trace }: EventRowDto): boolean {
  if (trace === undefined) return false;
  navigate({ view: 'trace', id: trace, event: id, form: 'graph' });
  return true;
}

function lineOf(box: Element | null, id: string): Element | null | undefined {
  return box?.querySelector(`[data-event="${CSS.escape(id)}"]`);
}
