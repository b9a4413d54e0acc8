import { useId, useState } from 'react';
import type { TraceDetailDto } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import { DisclosureButton } from '../../widgets/disclosure-button.tsx';
import { refName } from '../../widgets/explanation.tsx';
import { absolute, counted, duration } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';

type Clocks = TraceDetailDto['clocks'];

interface ClockNoteProps {
  readonly clocks: Clocks;
  /** The trace that is open. */
  readonly trace: string;
}

/** That times of the trace are by clocks that differ, by how much, and on demand what proves it. */
export function ClockNote({ clocks, trace }: ClockNoteProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const [first, ...others] = clocks;
  if (!first) return null;
  return (
    <section className="clock-note" aria-label="Clocks differ">
      <div className="clock-note-line">
        <Icon name="clock" size={14} />
        <p>
          Clocks differ: <b>{first.text}</b>
          {others.length > 0 && `, and ${counted(others.length, 'more pair')}`}. Times are shown as recorded.
        </p>
        <DisclosureButton open={open} controls={id} onToggle={setOpen} aria-label="Why? Clocks differ">
          Why?
        </DisclosureButton>
      </div>
      {open && (
        <ul id={id} className="clock-note-proofs">
          {clocks.map((clock) => (
            <Proof key={`${clock.behind} ${clock.ahead}`} clock={clock} trace={trace} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What proves it of two clocks, with one link to look at. */
function Proof({ clock: { text, links, example }, trace }: { clock: Clocks[number]; trace: string }) {
  return (
    <li>
      <b>{text}</b>, as {counted(links, 'link')} prove: messages name a cause that is recorded after them.
      {example && (
        <>
          {' '}
          {example.trace === trace ? 'Here' : 'In another trace'},{' '}
          <EventLink event={example.effect} of={example} /> is recorded{' '}
          {duration(example.cause.time - example.effect.time)} before its cause,{' '}
          <EventLink event={example.cause} of={example} />.
        </>
      )}
    </li>
  );
}

type Example = NonNullable<Clocks[number]['example']>;

function EventLink({ event, of: { trace } }: { event: Example['cause']; of: Example }) {
  return (
    <RouteLink to={{ view: 'trace', id: trace, form: 'graph', event: event.id }} title={absolute(event.time)}>
      {refName(event)}
    </RouteLink>
  );
}
