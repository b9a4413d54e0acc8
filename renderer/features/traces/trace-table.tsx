import { useTable } from '@tanstack/react-table';
import type { ReactTable, Row } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { TraceRow } from '../../../app/contract/page.ts';
import { navigate, useRoute } from '../../state/route.ts';
import { followTop, idAt, pageSize, showRange, useTraceList } from '../../state/trace-list.ts';
import { counted, duration } from '../../widgets/format.ts';
import { systemTitle } from '../../widgets/system-mark.tsx';
import { takeFocus } from '../../widgets/take-focus.ts';
import { useKeys } from '../../widgets/use-keys.ts';
import { columns, features, RowContext } from './trace-columns.tsx';
import type { Place } from './trace-columns.tsx';
import { TraceHead } from './trace-head.tsx';
import { useStillness } from '../../widgets/use-stillness.ts';

const rowHeight = 32;
/** Browsers cannot scroll taller boxes than some 16 million px: beyond this many rows the rest is reached by searching. */
const mostRows = 500_000;

/** The list itself: only rows on screen are mounted, and each follows only its own trace. */
export function TraceTable({ total }: { readonly total: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const pages = useTraceList((state) => state.pages);
  const [active, setActive] = useState<string>();
  const shown = Math.min(total, mostRows);
  const virtual = useVirtualizer({
    count: shown,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => showRange(first, last), [first, last, pages]);

  const { still, release } = useStillness(scroller);
  const scrolled = (virtual.scrollOffset ?? 0) > rowHeight / 2;
  useEffect(() => followTop(!scrolled && !still && active === undefined), [scrolled, still, active]);

  const places = useMemo(
    () => Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => ({ index: first + offset })),
    [first, last],
  );
  const table = useTable({ features, columns, data: places, getRowId: ({ index }: Place) => String(index) });

  const activeIndex = active === undefined ? -1 : indexOf(pages, active);
  const step = (by: number): void => {
    const next = Math.min(shown - 1, Math.max(0, activeIndex + by));
    const id = idAt({ pages }, next);
    if (id === undefined) return;
    setActive(id);
    virtual.scrollToIndex(next);
  };
  useKeys({
    j: () => step(1),
    k: () => step(activeIndex < 0 ? 1 : -1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(activeIndex < 0 ? 1 : -1),
    Enter: () => (active === undefined ? false : open(active)),
    Escape: () => {
      setActive(undefined);
      letGoOfSelection();
      release();
      virtual.scrollToOffset(0);
    },
  });

  return (
    <div
      className="trace-table"
      role="grid"
      aria-label="Traces"
      aria-rowcount={total + 1}
      aria-readonly="true"
    >
      <TraceHead table={table} />
      <div className="trace-scroll" ref={scroller} role="rowgroup">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {table.getRowModel().rows.map((row) => {
            const { index } = row.original;
            const id = idAt({ pages }, index);
            return (
              <TraceLine
                key={id ?? `place ${index}`}
                table={table}
                row={row}
                id={id}
                index={index}
                active={id !== undefined && id === active}
              />
            );
          })}
        </div>
        {total > shown && (
          <p className="trace-rest">
            {counted(total - shown, 'older trace')} not listed: search for a key, or add before: with a time.
          </p>
        )}
      </div>
    </div>
  );
}

/** What was selected in another view shows here too. */
function letGoOfSelection(): void {
  const { route } = useRoute.getState();
  if (route.view === 'traces') navigate({ view: 'traces', query: route.query }, { replace: true });
}

function open(id: string): void {
  navigate({ view: 'trace', id, form: 'graph' });
}

function indexOf(pages: ReadonlyMap<number, readonly string[]>, id: string): number {
  for (const [page, ids] of pages) {
    const place = ids.indexOf(id);
    if (place >= 0) return page * pageSize + place;
  }
  return -1;
}

interface TraceLineProps {
  readonly table: ReactTable<typeof features, Place>;
  readonly row: Row<typeof features, Place>;
  readonly id: string | undefined;
  readonly index: number;
  readonly active: boolean;
}

const TraceLine = memo(function TraceLine({ table, row, id, index, active }: TraceLineProps) {
  const trace = useTraceList((state) => (id === undefined ? undefined : state.rows.get(id)));
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) takeFocus(line.current);
  }, [active]);
  return (
    <RowContext value={trace}>
      {/* Rows are reached with j, k and the arrows; see useKeys of the table. */}
      <div
        ref={line}
        className={`trace-line ${active ? 'current' : ''}`}
        role="row"
        tabIndex={active || index === 0 ? 0 : -1}
        aria-rowindex={index + 2}
        aria-label={trace ? rowName(trace) : 'Loading'}
        aria-selected={active}
        style={{ transform: `translateY(${index * rowHeight}px)` }}
        onClick={(event) => {
          // The key is a link and goes there by itself.
          if (id !== undefined && !(event.target as Element).closest('a')) open(id);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && id !== undefined) open(id);
        }}
      >
        {row.getAllCells().map((cell) => (
          // Its words are its name.
          // eslint-disable-next-line jsx-a11y/control-has-associated-label
          <div key={cell.id} role="gridcell" className={`cell ${cell.column.id}`}>
            <table.FlexRender cell={cell} />
          </div>
        ))}
      </div>
    </RowContext>
  );
});

/** "orderId=12345, failed, 14 events over 6 channels in 45 s, Kafka and Redis". */
function rowName(row: TraceRow): string {
  const [key] = row.keys;
  const name = key ? `${key.name}=${key.value}` : row.id;
  const brokers = row.systems.map(systemTitle).join(' and ');
  const waits = row.pending ? `, waits for ${row.pending.consumer}` : '';
  return `${name}, ${row.status}${waits}, ${counted(row.events, 'event')} over ${counted(row.hops, 'hop')} in ${duration(row.end - row.start)}, ${brokers}`;
}
