import { useEffect } from 'react';
import type { EventDetailDto } from '../../../app/contract/page.ts';
import { inspectEvent, useEvents } from '../../state/events.ts';
import { IconButton } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { eventName } from '../../widgets/event-chip.tsx';
import { InspectorSection } from '../../widgets/inspector-section.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { SystemMark } from '../../widgets/system-mark.tsx';
import { Facts } from './facts.tsx';
import { DeliveriesTable, HeadersTable, KeysTable, LinkRows, MoreFacts, TraceRows } from './lists.tsx';
import { PairSection } from './pair-section.tsx';
import { PayloadView } from './payload-view.tsx';
import { PickOther, WhyHere } from './why-here.tsx';
import './inspector.css';

interface InspectorProps {
  /** The selected event. */
  readonly event: string | undefined;
  /** The trace it is looked at in. */
  readonly trace: string | undefined;
  onClose(): void;
}

/** All that is known of one event, the likeliest questions first. */
export function Inspector({ event, trace, onClose }: InspectorProps) {
  useEffect(() => inspectEvent(event), [event]);
  const detail = useEvents((state) => (event === undefined ? undefined : state.byId.get(event)));
  const problem = useEvents((state) => (state.id === event ? state.problem : undefined));
  return (
    <>
      <header className="inspector-head">
        {detail ? (
          <>
            <SystemMark system={detail.head.channel.system} />
            <h2 className="ellipsis" title={eventName(detail.head)}>
              {detail.head.type ?? 'Event without a type'}
            </h2>
          </>
        ) : (
          <h2>{event === undefined ? 'Nothing selected' : 'Event'}</h2>
        )}
        {event !== undefined && <CopyButton what="event id" text={event} />}
        <IconButton icon="cross" label="Close the inspector" hint="." onClick={onClose} />
      </header>
      <div className="inspector-body" tabIndex={-1}>
        {event === undefined && (
          <p className="inspector-none">
            Select an event on the canvas, or press j to go through them in causal order.
          </p>
        )}
        {problem && !detail && <ProblemNote problem={problem} />}
        {event !== undefined && !detail && !problem && <Waiting />}
        {detail && <EventDetails key={detail.head.id} detail={detail} trace={trace} />}
      </div>
    </>
  );
}

function EventDetails({
  detail,
  trace,
}: {
  readonly detail: EventDetailDto;
  readonly trace: string | undefined;
}) {
  const { deliveries, links, cut, keys, headers, traces, problems } = detail;
  const others = traces.filter(({ id }) => id !== trace);
  return (
    <>
      <PairSection head={detail.head} trace={trace} />
      <Facts detail={detail} />
      {trace === undefined ? (
        <div className="link-actions why-here">
          <PickOther />
        </div>
      ) : (
        <WhyHere event={detail.head.id} trace={trace}>
          <PickOther />
        </WhyHere>
      )}
      {problems.map((text) => (
        <ProblemNote key={text} problem={{ message: text, remedy: '' }} />
      ))}
      <InspectorSection title="Payload">
        <PayloadView detail={detail} />
      </InspectorSection>
      <InspectorSection
        title="Deliveries"
        size={deliveries.length}
        none="Nobody is known to have been handed this event."
      >
        <DeliveriesTable deliveries={deliveries} published={detail.head.time} />
      </InspectorSection>
      <InspectorSection
        title="Caused by"
        size={[...links, ...cut].filter(({ to }) => to === detail.head.id).length}
        none="No cause is known."
      >
        <LinkRows detail={detail} direction="in" trace={trace} />
      </InspectorSection>
      <InspectorSection
        title="Led to"
        size={[...links, ...cut].filter(({ from }) => from === detail.head.id).length}
        none="No effect is known."
      >
        <LinkRows detail={detail} direction="out" trace={trace} />
      </InspectorSection>
      <InspectorSection title="Keys" size={keys.length} none="It carries no correlation key.">
        <KeysTable keys={keys} />
      </InspectorSection>
      <InspectorSection title="Headers" size={headers.length} none="It has no headers.">
        <HeadersTable headers={headers} />
      </InspectorSection>
      <MoreFacts title="Properties" facts={detail.properties} />
      <MoreFacts title="Notes of the observer" facts={detail.notes} />
      {others.length > 0 && (
        <InspectorSection title="Also in" size={others.length}>
          <TraceRows traces={others} event={detail.head.id} />
        </InspectorSection>
      )}
    </>
  );
}

function Waiting() {
  return (
    <div className="inspector-waiting" aria-busy="true" aria-label="Loading the event">
      {[60, 80, 45, 90, 70].map((width) => (
        <span key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
