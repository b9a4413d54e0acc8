import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useAnnounced } from '../../state/announced.ts';
import { useRoute } from '../../state/route.ts';
import { catchUp, searchTraces, useTraceList } from '../../state/trace-list.ts';
import { Button } from '../../widgets/button.tsx';
import { count, counted } from '../../widgets/format.ts';
import { Note, ProblemNote } from '../../widgets/problem-note.tsx';
import { AnnouncedTraces } from './announced-traces.tsx';
import { FilesBeingRead } from './files-being-read.tsx';
import { NothingFound } from './nothing.tsx';
import { TraceTable } from './trace-table.tsx';
import '../../widgets/view.css';
import './traces.css';

interface TracesViewProps {
  readonly query: string;
  /** What can be done where a search finds nothing. */
  readonly lookFurther: ReactNode;
  /** What was looked through already, where a search finds something. */
  readonly lookedBack: ReactNode;
  /** What was read, where nothing is found. */
  readonly coverage: ReactNode;
  /** What can be done where nothing was recorded yet. */
  readonly nothingYet: ReactNode;
}

/** The traces, newest first, or those that a search finds. */
export function TracesView({ query, lookFurther, lookedBack, coverage, nothingYet }: TracesViewProps) {
  const wanted = useRoute((state) => state.range);
  useEffect(() => searchTraces(query, wanted), [query, wanted]);
  const total = useTraceList((state) => state.total);
  const behind = useTraceList((state) => state.behind);
  const answered = useTraceList((state) => state.query);
  const range = useTraceList((state) => state.range);
  const notes = useTraceList((state) => state.notes);
  const problem = useTraceList((state) => state.problem);
  const announced = useAnnounced();
  const everything = answered === '' && range.kind === 'all';
  // What is there already is among them.
  const isAnnounced = everything && total !== undefined && total < announced.length;
  const waiting = total === undefined || answered !== query || range !== wanted;

  return (
    <section className="traces" aria-busy={waiting}>
      <header className="view-bar">
        <h1>Traces</h1>
        {total !== undefined && !isAnnounced && (
          <span className="view-count" role="status">
            {everything ? count(total) : `${count(total)} found`}
          </span>
        )}
        {behind > 0 && (
          <Button look="quiet" icon="up" className="fresh" onClick={catchUp}>
            {counted(behind, 'new trace')}
          </Button>
        )}
      </header>
      <FilesBeingRead announced={isAnnounced} />
      {problem && <ProblemNote problem={problem} />}
      {notes.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
      {total !== undefined && total > 0 && lookedBack}
      {total === undefined ? (
        <Skeleton />
      ) : isAnnounced ? (
        <AnnouncedTraces rows={announced} />
      ) : total > 0 ? (
        // A new search begins at the top.
        <TraceTable key={`${answered} ${JSON.stringify(range)}`} total={total} />
      ) : everything ? (
        nothingYet
      ) : (
        <NothingFound query={answered} range={range} coverage={coverage}>
          {lookFurther}
        </NothingFound>
      )}
    </section>
  );
}

function Skeleton() {
  return (
    <div className="trace-table" aria-hidden="true">
      <div className="trace-head" />
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="trace-line placeholder">
          <span className="skeleton" style={{ width: `${40 + ((index * 37) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
