import { randomUUID } from 'node:crypto';

/** What became dirty since a page last asked. */
export interface Changes {
  readonly instance: string;
  readonly revision: number;
  readonly connections: boolean;
  readonly events: boolean;
  readonly traces: boolean;
  readonly traceIds: string[];
  readonly more: boolean;
}

/**
 * Remembers what changed, so that pages pull what they show instead of being pushed at.
 *
 * Neither transport has back-pressure: whatever is pushed piles up in a page that is busy. A page asks with the
 * revision it knows; the answer waits until there is something newer, at most ten times a second.
 */
export interface RevisionLog {
  /** Changes when everything is another: positions begin again. */
  readonly instance: string;
  /** `moreTraces`: others changed besides those named, too many to name, or unknown. */
  note(change: {
    readonly connections?: boolean;
    /** Some event was recorded. */
    readonly events?: boolean;
    readonly traceIds?: readonly string[];
    readonly moreTraces?: boolean;
  }): void;
  since(instance: string | undefined, revision: number, signal?: AbortSignal): Promise<Changes>;
  /** Everything that pages know is old, as if the engine had been started anew. */
  beginAnew(): void;
}

/** Trace ids in one answer; a page that missed more reads its list anew. */
const idsKept = 2_000;
/** Least time between two answers to one page, which asks again at once; the first change is told without delay. */
const pauseMs = 100;
const gatherMs = 10;
const idleMs = 25_000;

export function createRevisionLog(first: string = randomUUID()): RevisionLog {
  let instance = first;
  let revision = 0;
  let connectionsAt = 0;
  let eventsAt = 0;
  let tracesAt = 0;
  /** Id → revision of its last change, oldest first. */
  const traces = new Map<string, number>();
  /** Changes at or before this revision were forgotten. */
  let forgottenUpTo = 0;
  const waiting = new Set<() => void>();

  function answer(since: number): Changes {
    const traceIds: string[] = [];
    for (const [id, at] of traces) if (at > since) traceIds.push(id);
    return {
      instance,
      revision,
      connections: connectionsAt > since,
      events: eventsAt > since,
      traces: tracesAt > since,
      traceIds,
      more: since < forgottenUpTo,
    };
  }

  let answeredAt = 0;

  return {
    get instance() {
      return instance;
    },
    beginAnew() {
      instance = randomUUID();
      revision++;
      traces.clear();
      for (const wake of waiting) wake();
    },
    note({ connections = false, events = false, traceIds = [], moreTraces = false }) {
      if (!connections && !events && traceIds.length === 0 && !moreTraces) return;
      revision++;
      if (connections) connectionsAt = revision;
      if (events) eventsAt = revision;
      if (traceIds.length > 0 || moreTraces) tracesAt = revision;
      if (moreTraces) forgottenUpTo = revision;
      for (const id of traceIds) {
        traces.delete(id);
        traces.set(id, revision);
      }
      for (const [id, at] of traces) {
        if (traces.size <= idsKept) break;
        traces.delete(id);
        forgottenUpTo = Math.max(forgottenUpTo, at);
      }
      for (const wake of waiting) wake();
    },
    async since(known, from, signal) {
      const since = known === instance ? from : -1;
      if (since < 0) return { ...answer(0), connections: true, events: true, traces: true, more: true };
      if (revision <= since) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            clearTimeout(timer);
            waiting.delete(wake);
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          const timer = setTimeout(wake, idleMs);
          waiting.add(wake);
          signal?.addEventListener('abort', wake);
        });
      }
      // What comes right behind a change belongs into the same answer.
      const wait = Math.max(gatherMs, answeredAt + pauseMs - Date.now());
      if (revision > since) await new Promise((resolve) => setTimeout(resolve, wait));
      answeredAt = Date.now();
      return answer(since);
    },
  };
}
