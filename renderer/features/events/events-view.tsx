import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { allTime, isPast } from '../../../app/language/time-range.ts';
import {
  catchUpEvents,
  leaveEvents,
  placeInEvents,
  searchEvents,
  useEventList,
} from '../../state/event-list.ts';
import { countRows } from '../../state/event-pages.ts';
import { navigate, showTimes, useRoute } from '../../state/route.ts';
import { Button } from '../../widgets/button.tsx';
import { count, counted } from '../../widgets/format.ts';
import { Note, ProblemNote } from '../../widgets/problem-note.tsx';
import { rangeWithin } from '../../widgets/range-words.ts';
import { useOtherMeanings } from './use-other-meanings.ts';
import { EventTable } from './event-table.tsx';
import '../../widgets/view.css';
import './events.css';

interface EventsViewProps {
  readonly query: string;
  /** The selected event. */
  readonly event: string | undefined;
  /** What was read, where nothing is found. */
  readonly coverage: ReactNode;
  /** What can be done where nothing was recorded yet. */
  readonly nothingYet: ReactNode;
}

/** The live tail: everything that is recorded, newest first. */
export function EventsView({ query, event, coverage, nothingYet }: EventsViewProps) {
  const range = useRoute((state) => state.range);
  useEffect(() => searchEvents(query, range), [query, range]);
  useEffect(() => leaveEvents, []);
  const { list, fresh = 0, uncounted, notes = [], problem, ...answered } = useEventList();
  const [held, setHeld] = useState(() => placeInEvents().held);
  const [follows, setFollows] = useState(true);
  // What is recorded now does not belong to it.
  const [openedAt] = useState(Date.now);
  const past = isPast(range, openedAt);
  const waiting = list === undefined || answered.query !== query || answered.range !== range;
  const rows = list ? countRows(list) : 0;
  const letGo = (): void => {
    setHeld(false);
    navigate({ view: 'events', query }, { replace: true });
    catchUpEvents();
    document.querySelector('.event-scroll')?.scrollTo(0, 0);
  };

  return (
    <section className="events-view" aria-busy={waiting}>
      <header className="view-bar">
        <h1>Events</h1>
        {list && !list.more && (
          <span className="view-count" role="status">
            {answered.query === '' ? count(rows) : `${count(rows)} found`}
          </span>
        )}
        <div className="event-state">
          {fresh > 0 && (
            <Button look="quiet" icon="up" className="fresh" onClick={letGo}>
              {uncounted ? `More than ${counted(fresh, 'new event')}` : counted(fresh, 'new event')}
            </Button>
          )}
          {past ? (
            <span className="quiet">Nothing new: the time is past</span>
          ) : (
            <Button
              look="quiet"
              icon={follows ? 'pulse' : 'pause'}
              aria-pressed={held}
              title={
                held
                  ? 'Held: nothing moves. Press Space or Esc to follow again.'
                  : follows
                    ? 'New events appear at the top. Press Space to hold the list.'
                    : 'The list stands still while you scroll, point at it or have an event selected. Press Esc to follow again.'
              }
              onClick={() => (follows ? setHeld(true) : letGo())}
            >
              {follows ? 'Following' : 'Held'}
            </Button>
          )}
        </div>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {notes.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
      {list === undefined ? (
        !problem && <Skeleton />
      ) : rows > 0 ? (
        <EventTable
          // A new search begins at the top.
          key={`${answered.query} ${JSON.stringify(answered.range)}`}
          list={list}
          query={query}
          event={event}
          held={held}
          onFollow={setFollows}
          onHold={setHeld}
        />
      ) : answered.query === '' && answered.range.kind === 'all' ? (
        nothingYet
      ) : (
        <NothingFound {...answered}>{coverage}</NothingFound>
      )}
    </section>
  );
}

/** Says what was searched and where, so that "not found" is not taken for "never happened". */
function NothingFound({
  query,
  range,
  children,
}: Pick<ReturnType<typeof useEventList.getState>, 'query' | 'range'> & { readonly children: ReactNode }) {
  const meanings = useOtherMeanings(query);
  return (
    <div className="nothing-found">
      <h2>
        {query === '' ? (
          'No event was read '
        ) : (
          <>
            No event that was read matches <b className="mono">{query}</b>{' '}
          </>
        )}
        {rangeWithin(range)}
      </h2>
      {meanings.length > 0 && (
        <div className="nothing-actions">
          A bare word is looked for among keys. Look for
          {meanings.map(({ query: other, text }) => (
            <Button key={text} icon="search" onClick={() => navigate({ view: 'events', query: other })}>
              {text}
            </Button>
          ))}
        </div>
      )}
      <div className="nothing-actions">
        {range.kind !== 'all' && (
          <Button icon="clock" onClick={() => showTimes(allTime)}>
            Look at all time
          </Button>
        )}
        {query !== '' && (
          <Button icon="cross" onClick={() => navigate({ view: 'events', query: '' })}>
            Clear the search
          </Button>
        )}
      </div>
      {children}
    </div>
  );
}

function Skeleton() {
  return (
    <div className="event-table" aria-hidden="true">
      <div className="event-head" />
      {Array.from({ length: 14 }, (_, index) => (
        <div key={index} className="event-line placeholder">
          <span className="skeleton" style={{ width: `${40 + ((index * 37) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
