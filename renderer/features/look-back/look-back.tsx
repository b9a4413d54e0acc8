import { useEffect, useState } from 'react';
import type { LookBackDto, Problem } from '../../../app/contract/page.ts';
import { parseQuery } from '../../../app/language/parse-query.ts';
import { useConnections } from '../../state/connections.ts';
import { loadLookBacks, startLookBack, useLookBacks } from '../../state/look-backs.ts';
import { Button } from '../../widgets/button.tsx';
import { ProblemNote } from '../../widgets/problem-note.tsx';
import { LookBackJob, LookBackSummary } from './look-back-job.tsx';
import '../../widgets/field.css';
import './look-back.css';

const hour = 3_600_000;
const ranges = [
  { name: 'the last hour', span: hour },
  { name: 'the last 6 hours', span: 6 * hour },
  { name: 'the last day', span: 24 * hour },
  { name: 'the last 7 days', span: 168 * hour },
  { name: 'all that is kept', span: undefined },
] as const;

/** Looks for the key of a search in what the brokers keep and Headwater has not read, without storing the rest. */
export function LookBack({ query }: { readonly query: string }) {
  const wanted = keyOf(query);
  const [range, setRange] = useState(2);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const shown = useJobs(wanted);
  const able = useAble();
  useEffect(() => loadLookBacks(), []);
  if (wanted === '') return null;
  const start = async (): Promise<void> => {
    setBusy(true);
    const span = ranges[range]?.span;
    setProblem(
      await startLookBack({ key: wanted, ...(span === undefined ? {} : { from: Date.now() - span }) }),
    );
    setBusy(false);
  };
  return (
    <section className="look-back" aria-label="Look further back">
      <h3>What was not read yet</h3>
      {able.length === 0 ? (
        <p className="look-back-text">
          No connection keeps its past: RabbitMQ and pub/sub forget what was consumed, so nothing more can be
          looked at.
        </p>
      ) : (
        <div className="look-back-form">
          <p className="look-back-text">
            {able.join(', ')} can be searched for <b className="mono">{wanted}</b> without recording anything
            else.
          </p>
          <label>
            <span>Within </span>
            <select
              className="select slim"
              value={range}
              onChange={(event) => setRange(Number(event.target.value))}
            >
              {ranges.map(({ name }, index) => (
                <option key={name} value={index}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Button look="main" icon="history" busy={busy} onClick={() => void start()}>
            Look further back
          </Button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
      {shown.map((job) => (
        <LookBackJob key={job.id} job={job} />
      ))}
    </section>
  );
}

/** Above what a search finds: what was looked through for it, so that what is missing is not taken for never there. */
export function LookedBack({ query }: { readonly query: string }) {
  const wanted = keyOf(query);
  const shown = useJobs(wanted);
  const pastless = usePastless();
  useEffect(() => loadLookBacks(), []);
  if (wanted === '') return null;
  return shown.map((job) =>
    job.state === 'running' ? (
      <LookBackJob key={job.id} job={job} />
    ) : (
      <LookBackSummary key={job.id} job={job} pastless={pastless} />
    ),
  );
}

/** The key that a search is about, as the engine is asked for it; empty where there is none. */
function keyOf(query: string): string {
  const [key] = parseQuery(query).query.keys;
  return key ? (key.name === undefined ? key.value : `${key.name}=${key.value}`) : '';
}

/** Those that are for this key, and those that still run. */
function useJobs(wanted: string): readonly LookBackDto[] {
  const jobs = useLookBacks((state) => state.jobs);
  const dismissed = useLookBacks((state) => state.dismissed);
  return jobs.filter((job) => !dismissed.has(job.id) && (job.state === 'running' || job.key === wanted));
}

/** Names of the brokers whose past cannot be searched. */
function usePastless(): string[] {
  const kinds = useConnections((state) => state.kinds);
  const byId = useConnections((state) => state.byId);
  const without = new Set<string>(
    kinds.filter((kind) => !kind.capabilities.looksBack).map(({ system }) => system),
  );
  return [...byId.values()].filter(({ system }) => without.has(system)).map(({ name }) => name);
}

/** Names of the connections whose past can be searched. */
function useAble(): string[] {
  const kinds = useConnections((state) => state.kinds);
  const byId = useConnections((state) => state.byId);
  const systems = new Set<string>(
    kinds.filter((kind) => kind.capabilities.looksBack).map(({ system }) => system),
  );
  return [...byId.values()].filter(({ system }) => systems.has(system)).map(({ name }) => name);
}
