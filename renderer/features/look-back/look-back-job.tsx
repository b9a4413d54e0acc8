import type { LookBackDto } from '../../../app/contract/page.ts';
import { cancelLookBack, dismissLookBack } from '../../state/look-backs.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { count, counted } from '../../widgets/format.ts';
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
          const name = `${part.connection} · ${part.channel}${part.partition === undefined ? '' : ` · partition ${part.partition}`}`;
          return (
            <li key={name}>
              <span className="ellipsis" title={part.note}>
                {name}
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

function outcome({ state, matched }: LookBackDto): string {
  if (matched > 0) return `${counted(matched, 'event')} found and recorded`;
  if (state === 'done') return 'Not there either: no event that is still kept carries it';
  return state === 'running' ? 'nothing yet' : 'nothing found until then';
}
