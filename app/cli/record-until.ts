import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionView } from '../pipeline/connection.ts';
import type { Supervisor } from '../pipeline/supervisor.ts';
import { exitCode, Failure } from './failure.ts';
import { stopAtSignal } from './signals.ts';

/** When recording is over; times in ms. Without either, a signal ends it. */
export interface RecordingEnd {
  /** So long after all connections are live. */
  readonly for?: number;
  /** When nothing came for so long. */
  readonly untilIdle?: number;
}

/** How long connections may take until all of them are live, ms: brokers of a test are often just starting. */
const connectWithinMs = 20_000;
const lookEveryMs = 100;
const sayEveryMs = 5_000;

/**
 * Waits until every connection is live, then for the end that was asked for, or Ctrl-C. Answers with a sentence about
 * each connection that saw nothing because it is away by then.
 * @throws Failure when a connection can never come about, or does not in time: nothing was recorded.
 */
export async function recordUntil(
  supervisor: Pick<Supervisor, 'list'>,
  end: RecordingEnd,
  say: (line: string) => void,
  connectWithin = connectWithinMs,
): Promise<readonly string[]> {
  let stopped = false;
  stopAtSignal(() => {
    stopped = true;
  });
  const told = new Set<string>();
  const look = async (): Promise<readonly ConnectionView[]> => {
    await sleep(lookEveryMs);
    const connections = supervisor.list();
    for (const connection of connections) {
      const { phase, problem, name, alerts } = connection;
      if (phase === 'failed') throw new Failure(codeOf(problem?.code), sentence(connection));
      for (const { severity, message } of alerts) {
        if (severity !== 'info' && told.size < told.add(`${name}: ${message}`).size)
          say(`${name}: ${message}`);
      }
    }
    return connections;
  };

  const began = Date.now();
  for (;;) {
    const connections = await look();
    const away = connections.find(({ phase }) => phase !== 'live' && phase !== 'done');
    if (!away) break;
    if (stopped) throw new Failure(exitCode.failed, `Nothing was recorded. ${sentence(away)}`);
    if (Date.now() - began >= connectWithin) throw new Failure(exitCode.failed, sentence(away));
    if (away.problem && told.size < told.add(sentence(away)).size) {
      const left = Math.max(0, connectWithin - (Date.now() - began));
      say(`${sentence(away)} Trying again for ${Math.round(left / 1000)} s.`);
    }
  }

  say('Recording. Ctrl-C ends it and writes the capture.');
  const started = Date.now();
  let seen = 0;
  let changedAt = started;
  let saidAt = started;
  for (;;) {
    const connections = await look();
    const now = Date.now();
    const events = connections.reduce((sum, c) => sum + c.events, 0);
    if (events !== seen || connections.some((c) => c.phase !== 'live')) changedAt = now;
    seen = events;
    if (now - saidAt >= sayEveryMs) {
      saidAt = now;
      const problem = connections.find((c) => c.problem)?.problem;
      say(`${events} events${problem ? `; ${problem.message}` : ''}`);
    }
    const isIdle = end.untilIdle !== undefined && now - changedAt >= end.untilIdle;
    const isOver = end.for !== undefined && now - started >= end.for;
    if (stopped || isIdle || isOver) {
      return connections.filter((c) => c.problem && c.events === 0).map(sentence);
    }
  }
}

/** The exit code for what keeps a connection away: a URL that makes no sense is a command that makes none. */
export function codeOf(problem: string | undefined): number {
  return problem === 'invalid-options' ? exitCode.calledWrongly : exitCode.failed;
}

function sentence({ name, problem }: ConnectionView): string {
  return problem ? `${name}: ${problem.message} ${problem.remedy}` : `${name} did not answer in time.`;
}
