import { useEffect, useId, useState } from 'react';
import type { WaitingEventDto } from '../../../app/contract/page.ts';
import { RouteLink } from '../../state/route-link.tsx';
import type { Route } from '../../state/route.ts';
import { watchWaiting } from '../../state/waiting.ts';
import type { Consumption, Waiting } from '../../state/waiting.ts';
import { Button } from '../../widgets/button.tsx';
import { EventChip, eventName } from '../../widgets/event-chip.tsx';
import { absolute, count, counted } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { KeyText } from '../../widgets/key-text.tsx';
import { InspectorSection } from '../../widgets/inspector-section.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { Lasting } from '../../widgets/time.tsx';

/** What is stuck is at the top: more are shown when asked for. */
const first = 8;

interface WaitingListProps {
  readonly of: readonly Consumption[];
  /** How many wait in all, as the map says. */
  readonly lag: number | undefined;
}

/** What waits for a consumer, the longest first. Whoever looks for the stuck order finds it at the top, and its trace one click away. */
export function WaitingList({ of, lag }: WaitingListProps) {
  const [waiting, setWaiting] = useState<Waiting>();
  const [all, showAll] = useState(false);
  const asked = JSON.stringify(of);
  useEffect(() => watchWaiting(JSON.parse(asked) as Consumption[], setWaiting), [asked]);
  if (!waiting)
    return (
      <InspectorSection title="Waiting">
        <span className="skeleton" style={{ width: '60%' }} />
      </InspectorSection>
    );
  const { notes, problem } = waiting;
  // One number everywhere: what the system said last. What was published since is not known to wait.
  const total = lag ?? waiting.total;
  const events = waiting.events.slice(0, total);
  const size = total ?? events.length;
  const more = size - events.length;
  return (
    <InspectorSection
      title="Waiting"
      size={size}
      none={notes.length > 0 || problem ? undefined : 'Nothing waits.'}
    >
      {problem && <ProblemNote problem={problem} />}
      {events.length > 0 && (
        <ol className="waiting" aria-label="Waiting">
          {events.slice(0, all ? undefined : first).map((each) => (
            <WaitingRow key={`${each.event.id} ${each.event.seq} ${each.state}`} waiting={each} />
          ))}
        </ol>
      )}
      {events.length > first && !all && (
        <Button look="quiet" onClick={() => showAll(true)}>
          Show {count(events.length - first)} more
        </Button>
      )}
      {more > 0 && all && <p className="inspector-none">{counted(more, 'event')} more wait.</p>}
      {notes.map((note) => (
        <p key={note} className="inspector-none">
          {note}
        </p>
      ))}
    </InspectorSection>
  );
}

function WaitingRow({ waiting }: { readonly waiting: WaitingEventDto }) {
  const { event, state, since, deliveries = 0 } = waiting;
  const [key] = event.keys;
  const facts = useId();
  const to: Route =
    event.trace === undefined
      ? { view: 'traces', query: key ? `${key.name}=${key.value}` : event.id }
      : { view: 'trace', id: event.trace, event: event.id, form: 'graph' };
  return (
    <li>
      <RouteLink to={to} className="waiting-row" aria-describedby={facts} title="Open its trace">
        <span className="visually-hidden">
          {eventName(event)}
          {key && `, ${key.name}=${key.value}`}
        </span>
        {key && (
          <span className="waiting-key ellipsis" aria-hidden="true">
            <KeyText {...key} />
          </span>
        )}
        <EventChip event={event} />
        <span id={facts} className="waiting-time" title={absolute(since)} aria-hidden="true">
          <b>
            waits <Lasting since={since} />
          </b>
          <span>
            {state === 'pending' ? (
              <>
                <Icon name="clock" size={11} /> handed out{deliveries > 1 && ` ${count(deliveries)}×`}
              </>
            ) : (
              'unread'
            )}
          </span>
        </span>
      </RouteLink>
    </li>
  );
}
