import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import type { EventRowDto } from '../../../app/contract/page.ts';
import { between } from '../../../app/language/time-range.ts';
import { navigate, showTimes } from '../../state/route.ts';
import { Icon } from '../../widgets/icon.tsx';
import '../../widgets/menu.css';
import { filterTerms, narrowed } from './filter-terms.ts';
import type { EventColumn } from './filter-terms.ts';

/** Where the menu was asked for. */
export interface MenuPlace {
  readonly row: EventRowDto;
  /** The cell that was pointed at. */
  readonly column?: EventColumn;
  readonly at: DOMRect;
}

interface EventMenuProps {
  readonly place: MenuPlace | undefined;
  readonly query: string;
  onClose(): void;
}

/** Before and after an event, ms. */
const around = 30_000;

/** What can be done with an event of the tail: search for others like it, open its trace, look around it. */
export function EventMenu({ place, query, onClose }: EventMenuProps) {
  // Inside the view, so that it belongs to the page's main landmark.
  const [box, setBox] = useState<HTMLElement | null>(null);
  return (
    <div ref={setBox}>
      <Menu.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
        {place && <MenuItems place={place} query={query} box={box} />}
      </Menu.Root>
    </div>
  );
}

interface MenuItemsProps {
  readonly place: MenuPlace;
  readonly query: string;
  readonly box: HTMLElement | null;
}

function MenuItems({ place: { row, column, at }, query, box }: MenuItemsProps) {
  const { id, trace, time } = row;
  return (
    <Menu.Portal container={box}>
      <Menu.Positioner
        className="menu-place"
        anchor={{ getBoundingClientRect: () => at }}
        align="start"
        sideOffset={2}
      >
        <Menu.Popup
          className="menu"
          aria-label="Do with this event"
          finalFocus={() => document.querySelector<HTMLElement>(`[data-event="${CSS.escape(id)}"]`)}
        >
          <Menu.Group>
            <Menu.GroupLabel className="menu-label">Show only</Menu.GroupLabel>
            {filterTerms(row, column).map((term) => (
              <Menu.Item
                key={`${term.column} ${term.text}`}
                className="menu-item mono"
                onClick={() => navigate({ view: 'events', query: narrowed(query, term.query), event: id })}
              >
                {term.text}
              </Menu.Item>
            ))}
          </Menu.Group>
          <Menu.Separator className="menu-line" />
          <Menu.Item className="menu-item" onClick={() => showTimes(between(time - around, time + around))}>
            <Icon name="clock" size={14} /> 30 s before and after it
          </Menu.Item>
          {trace !== undefined && (
            <Menu.Item
              className="menu-item"
              onClick={() => navigate({ view: 'trace', id: trace, event: id, form: 'graph' })}
            >
              <Icon name="traces" size={14} /> Open its trace
            </Menu.Item>
          )}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  );
}
