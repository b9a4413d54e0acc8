import { memo, useEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import type { EventRowDto } from '../../../app/contract/page.ts';
import { takeFocus } from '../../widgets/take-focus.ts';
import { columns, rowName } from './event-columns.tsx';

/** Height of a row, px. */
export const rowHeight = 28;

interface EventLineProps {
  /** Undefined while it is pulled. */
  readonly row: EventRowDto | undefined;
  readonly index: number;
  readonly selected: boolean;
  onSelect(row: EventRowDto): void;
  onMenu(row: EventRowDto, pointer: MouseEvent): void;
}

/** One event of the tail. Which cell is pointed at is told by `data-column`. */
export const EventLine = memo(function EventLine({ row, index, selected, onSelect, onMenu }: EventLineProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) takeFocus(line.current);
  }, [selected]);
  return (
    // Rows are reached with j, k and the arrows; see useKeys of the table.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={line}
      className={`event-line ${selected ? 'current' : ''}`}
      role="row"
      tabIndex={selected || index === 0 ? 0 : -1}
      aria-rowindex={index + 2}
      aria-label={row ? rowName(row) : 'Loading'}
      aria-selected={selected}
      data-event={row?.id}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      onClick={(event) => {
        // The trace is a link and goes there by itself.
        if (row && !(event.target as Element).closest('a')) onSelect(row);
      }}
      onContextMenu={(event) => row && onMenu(row, event)}
    >
      {columns.map(({ id, show }) => (
        <div key={id} role="gridcell" className={`cell tail-${id}`} data-column={id}>
          {row ? show(row) : <span className="skeleton" />}
        </div>
      ))}
    </div>
  );
});
