import type { ReactTable } from '@tanstack/react-table';
import { Icon } from '../../widgets/icon.tsx';
import type { features, Place } from './trace-columns.tsx';

/** The heads of the columns. */
export function TraceHead({ table }: { readonly table: ReactTable<typeof features, Place> }) {
  return (
    <div className="trace-head" role="row" aria-rowindex={1}>
      {table.getHeaderGroups().flatMap(({ headers }) =>
        headers.map((header) => (
          <div
            key={header.id}
            role="columnheader"
            aria-label={String(header.column.columnDef.header)}
            aria-sort={header.column.id === 'last' ? 'descending' : undefined}
            className={`cell ${header.column.id}`}
          >
            <table.FlexRender header={header} />
            {header.column.id === 'last' && <Icon name="down" size={11} />}
          </div>
        )),
      )}
    </div>
  );
}
