import { randomUUID } from 'node:crypto';
import type { Coverage } from '../model/delivery.ts';
import { ConnectionError, type LookBackRequest, type Progress, type Source } from '../model/source.ts';
import type { ConnectionProblem } from './connection.ts';
import type { Recorder } from './recorder.ts';

/** How far one channel partition was scanned. */
export interface LookBackPart {
  readonly connection: string;
  readonly channel: string;
  readonly partition?: number;
  readonly scanned: number;
  readonly total?: number;
  readonly matched: number;
  readonly note?: string;
}

/** A scan of the past for one key: what matches is recorded, the rest is only counted. */
export interface LookBack {
  readonly id: string;
  readonly key: string;
  /** The time that is searched, epoch ms; open where it is missing. */
  readonly from?: number;
  readonly to?: number;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly matched: number;
  readonly parts: readonly LookBackPart[];
  readonly problem?: ConnectionProblem;
}

export interface LookBacks {
  start(
    request: { readonly key: string; readonly from?: number; readonly to?: number },
    sources: readonly {
      readonly connection: string;
      readonly source: Source;
      readonly channels: 'all' | readonly string[];
    }[],
  ): string;
  list(): readonly LookBack[];
  cancel(id: string): void;
  /** Cancels all and waits until no scan touches a broker any more. */
  close(): Promise<void>;
}

const kept = 20;

/** The value of `orderId=12345`, or the text itself: brokers are scanned for values, whatever their name. */
export function valueOf(key: string): string {
  const at = key.indexOf('=');
  return (at < 0 ? key : key.slice(at + 1)).trim().replace(/^"(.*)"$/, '$1');
}

export function createLookBacks(recorder: Recorder, onChange: () => void): LookBacks {
  type Job = { -readonly [K in keyof LookBack]: LookBack[K] } & {
    parts: LookBackPart[];
    abort: AbortController;
    done: Promise<unknown>;
  };
  const jobs: Job[] = [];

  function note(job: Job, connection: string, p: Progress): void {
    const part: LookBackPart = {
      connection,
      channel: p.channel.name,
      partition: p.partition,
      scanned: p.scanned,
      total: p.total,
      matched: p.matched,
      note: p.note,
    };
    const at = job.parts.findIndex(
      (q) => q.connection === connection && q.channel === part.channel && q.partition === part.partition,
    );
    if (at < 0) job.parts.push(part);
    else job.parts[at] = part;
  }

  async function scan(job: Job, connection: string, source: Source, request: LookBackRequest): Promise<void> {
    for await (const items of source.lookBack?.(request) ?? []) {
      for (const item of items) if (item.kind === 'progress') note(job, connection, item);
      const found = items.filter((i) => i.kind === 'message');
      const covered: Coverage[] = items.filter((i) => i.kind === 'coverage');
      if (found.length + covered.length > 0) {
        await recorder.record(connection, [...found, ...covered], { mayRepeat: true });
        job.matched += found.length;
      }
      onChange();
    }
  }

  return {
    start({ key, from, to }, sources) {
      const abort = new AbortController();
      const job: Job = {
        id: randomUUID(),
        key,
        from,
        to,
        state: 'running',
        matched: 0,
        parts: [],
        abort,
        done: Promise.resolve(),
      };
      jobs.unshift(job);
      jobs.splice(kept);
      const value = valueOf(key);
      job.done = Promise.all(
        sources.map(({ connection, source, channels }) =>
          scan(job, connection, source, { channels, value, from, to, signal: abort.signal }),
        ),
      )
        .then(async () => {
          await recorder.flush();
          if (job.state === 'running') job.state = 'done';
        })
        .catch((error: unknown) => {
          if (job.state !== 'running') return;
          job.state = 'failed';
          job.problem =
            error instanceof ConnectionError
              ? { code: error.code, message: error.message, remedy: error.remedy }
              : {
                  code: 'internal',
                  message: String(error),
                  remedy: 'Try again; what was found so far is kept.',
                };
          abort.abort();
        })
        .finally(onChange);
      onChange();
      return job.id;
    },
    list: () => jobs.map(({ abort: _abort, done: _done, ...job }) => ({ ...job, parts: [...job.parts] })),
    cancel(id) {
      const job = jobs.find((j) => j.id === id && j.state === 'running');
      if (!job) return;
      job.state = 'cancelled';
      job.abort.abort();
      onChange();
    },
    async close() {
      for (const job of jobs) {
        if (job.state === 'running') job.state = 'cancelled';
        job.abort.abort();
      }
      await Promise.all(jobs.map((j) => j.done));
    },
  };
}
