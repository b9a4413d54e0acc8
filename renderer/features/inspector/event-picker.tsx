import { Autocomplete } from '@base-ui/react/autocomplete';
import { useEffect, useRef, useState } from 'react';
import type { EventHeadDto } from '../../../app/contract/page.ts';
import { findEvents, pairWith } from '../../state/pairing.ts';
import { useTrace } from '../../state/trace.ts';
import { eventName } from '../../widgets/event-chip.tsx';
import { absolute } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import '../../widgets/menu.css';

/** How long typing pauses before events are looked for, ms. */
const settle = 150;
const foundMost = 8;
const shownMost = 60;

interface Choice {
  readonly event: EventHeadDto;
  /** It is of the trace that is looked at. */
  readonly here: boolean;
}

/** Chooses an event: of the trace that is open by a few letters, or any other by what it carries. */
export function EventPicker({ except }: { readonly except: string }) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const events = useTrace((state) => state.detail?.events);
  const elsewhere = useFound(text.trim());
  const wanted = text.trim().toLowerCase();
  const here = (events ?? []).filter(
    ({ id, ...event }) =>
      id !== except && (wanted === '' || `${eventName(event)} ${id}`.toLowerCase().includes(wanted)),
  );
  const known = new Set([except, ...(events ?? []).map(({ id }) => id)]);
  const choices: Choice[] = [
    ...here.slice(0, shownMost).map((event) => ({ event, here: true })),
    ...elsewhere.filter(({ id }) => !known.has(id)).map((event) => ({ event, here: false })),
  ];
  return (
    <Autocomplete.Root
      open
      inline
      items={choices}
      filter={null}
      itemToStringValue={({ event }: Choice) => eventName(event)}
      autoHighlight="always"
      keepHighlight
      value={text}
      onValueChange={(typed, { reason }) => reason !== 'item-press' && setText(typed)}
    >
      <div className="picker-input">
        <Icon name="search" size={14} />
        <Autocomplete.Input
          ref={input}
          aria-label="Event by type, channel, id or key"
          placeholder="Type, channel or id here; orderId=… anywhere"
        />
      </div>
      <p className="pair-hint">Or choose it on the canvas: click it, or press Enter on it.</p>
      <Autocomplete.Empty className="pair-hint">
        {choices.length === 0 && 'No event is called so here, and none elsewhere carries it.'}
      </Autocomplete.Empty>
      <Autocomplete.List className="picker-list">
        {({ event, here: isHere }: Choice) => (
          <Autocomplete.Item
            key={event.id}
            value={{ event, here: isHere }}
            className="menu-item"
            onClick={() => pairWith(event.id)}
          >
            <SystemMark system={event.channel.system} silent />
            <span className="ellipsis">{eventName(event)}</span>
            <span className="picker-note" title={absolute(event.time)}>
              {isHere
                ? 'this trace'
                : (event.keys[0] && `${event.keys[0].name}=${event.keys[0].value}`) || event.id}
            </span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Events anywhere that carry what was typed. */
function useFound(text: string): readonly EventHeadDto[] {
  const [found, setFound] = useState<{ readonly text: string; readonly events: readonly EventHeadDto[] }>();
  useEffect(() => {
    if (text === '') return undefined;
    let stale = false;
    const timer = setTimeout(async () => {
      const events = await findEvents(text, foundMost);
      if (!stale) setFound({ text, events });
    }, settle);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found?.text === text ? found.events : [];
}
