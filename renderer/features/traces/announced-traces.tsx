import { useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import type { TraceRow } from '../../../app/contract/page.ts';
import { columns, features, IsAnnounced, RowContext } from './trace-columns.tsx';
import type { Place } from './trace-columns.tsx';
import { TraceHead } from './trace-head.tsx';

/** What a capture says of its traces, until they are read. They are not there yet: a row's key searches for it. */
export function AnnouncedTraces({ rows }: { readonly rows: readonly TraceRow[] }) {
  const places = useMemo(() => rows.map((_, index): Place => ({ index })), [rows]);
  const table = useTable({ features, columns, data: places, getRowId: ({ index }: Place) => String(index) });
  return (
    <div className="trace-table announced" role="grid" aria-label="Traces that the capture says it holds">
      <TraceHead table={table} />
      <div className="trace-scroll" role="rowgroup">
        <IsAnnounced value>
          {table.getRowModel().rows.map((row) => (
            <RowContext key={row.id} value={rows[row.original.index]}>
              <div className="trace-line" role="row">
                {row.getAllCells().map((cell) => (
                  // Its words are its name.
                  // eslint-disable-next-line jsx-a11y/control-has-associated-label
                  <div key={cell.id} role="gridcell" className={`cell ${cell.column.id}`}>
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            </RowContext>
          ))}
        </IsAnnounced>
      </div>
    </div>
  );
}
