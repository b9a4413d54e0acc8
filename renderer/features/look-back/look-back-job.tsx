import { useState } from 'react';
import type { LookBackDto } from '../../../app/contract/page.ts';
import { useConnections } from '../../state/connections.ts';
import { cancelLookBack, dismissLookBack } from '../../state/look-backs.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { count, counted, period } from '../../widgets/format.ts';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { Progress } from '../../widgets/progress.tsx';
import { StateWord } from '../../widgets/state-word.tsx';

const states = {
  running: { icon: 'again', word: 'Looking', tone: 'accent', busy: true },
  done: { icon: 'check', word: 'Done', tone: 'good' },
  cancelled: { icon: 'stop', word: 'Cancelled', tone: 'plain' },
  failed: { icon: 'alert', word: 'Failed', tone: 'bad' },
} as const;

/** How far one look-back is, part by part, and what it found. */
export function LookBackJob({ job }: { readonly job: LookBackDto }) {
  const running = job.state === 'running';
  const byId = useConnections((state) => state.byId);
  return (
    <article className="look-back-job" aria-label={`Looking back for ${job.key}`}>
      <header>
        <StateWord {...states[job.state]} />
        <b className="mono ellipsis">{job.key}</b>
        <span className="look-back-found">{outcome(job)}</span>
        {running ? (
          <Button look="quiet" icon="stop" onClick={() => void cancelLookBack(job.id)}>
            Cancel
          </Button>
        ) : (
          <IconButton icon="cross" label="Put away" onClick={() => dismissLookBack(job.id)} />
        )}
      </header>
      {job.problem && <ProblemNote problem={job.problem} />}
      <ul>
        {job.parts.map((part) => {
          const connection = byId.get(part.connection)?.name ?? part.connection;
          const name = `${connection} · ${placeOf(part)}`;
          return (
            <li key={`${part.connection} ${placeOf(part)}`}>
              <span className="look-back-part" title={name}>
                <span className="ellipsis">{connection}</span>
                <b className="ellipsis">{part.channel}</b>
                {part.partition !== undefined && <span>partition {part.partition}</span>}
              </span>
              <Progress
                label={name}
                part={
                  part.total === undefined
                    ? running
                      ? undefined
                      : 1
                    : part.scanned / Math.max(1, part.total)
                }
              />
              <span className="look-back-numbers">
                {count(part.scanned)}
                {part.total === undefined ? '' : ` of ${count(part.total)}`}
              </span>
              {part.note && <span className="look-back-note">{part.note}</span>}
            </li>
          );
        })}
      </ul>
    </article>
  );
}

interface LookBackSummaryProps {
  readonly job: LookBackDto;
  /** Names of the brokers that could not be searched. */
  readonly pastless: readonly string[];
}

/** What was searched, and what came of it, in a sentence that stays beside what was found. */
export function LookBackSummary({ job, pastless }: LookBackSummaryProps) {
  const [now] = useState(Date.now);
  const scanned = job.parts.reduce((sum, part) => sum + part.scanned, 0);
  const places = job.parts.slice(0, placesNamed).map(placeOf);
  const more = job.parts.length - places.length;
  const time = period(job.from, job.to, now);
  return (
    <article className="look-back-summary" aria-label={`Looked back for ${job.key}`}>
      <StateWord {...states[job.state]} />
      <p>
        Searched {places.length === 0 ? 'nothing' : places.join(', ')}
        {more > 0 && ` and ${counted(more, 'other')}`} {time === '' ? 'from the earliest that is kept' : time}
        : {counted(scanned, 'record')}, {count(job.matched)} found.
        {pastless.length > 0 &&
          ` ${pastless.join(', ')} ${pastless.length === 1 ? 'keeps' : 'keep'} no past.`}
      </p>
      <IconButton icon="cross" label="Put away" onClick={() => dismissLookBack(job.id)} />
    </article>
  );
}

const placesNamed = 3;

function placeOf({ channel, partition }: LookBackDto['parts'][number]): string {
  return partition === undefined ? channel : `${channel}/${partition}`;
}

function outcome({ state, matched }: LookBackDto): string {
  if (matched > 0) return `${counted(matched, 'event')} found and recorded`;
  if (state === 'done') return 'Not there either: no event that is still kept carries it';
  return state === 'running' ? 'nothing yet' : 'nothing found until then';
}
