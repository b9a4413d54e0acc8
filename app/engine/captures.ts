import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConnectionError } from '../model/source.ts';
import { maskerOf } from '../pipeline/masking-recorder.ts';
import type { CaptureJob, Captures } from '../rpc/captures.ts';
import type { TraceStore } from '../store/trace-store.ts';
import type { CaptureWorkerData, CaptureWorkerMessage } from './capture-worker.ts';
import { anotherPort } from './thread-rpc.ts';

/** The captures that were asked for, with the files of those that are done. */
export interface CaptureFiles extends Captures {
  /** The file of one that is done. */
  file(id: string): { readonly name: string; readonly path: string } | undefined;
  /** Stops what is being written and removes all files. */
  close(): Promise<void>;
}

export interface CaptureOptions {
  /** For the files, until they are fetched; what lies there from an earlier run is removed. */
  readonly dir: string;
  readonly store: () => TraceStore;
}

/** A file that nobody fetches is removed: it may hold what should not lie around twice. */
const keptMs = 60 * 60 * 1000;
const limits = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 512 };

export async function createCaptures({ dir, store }: CaptureOptions): Promise<CaptureFiles> {
  await rm(dir, { recursive: true, force: true });
  type Job = { view: CaptureJob; worker?: Worker; ended: Promise<void>; expiry?: NodeJS.Timeout };
  const jobs: Job[] = [];
  let closing = false;

  const set = (job: Job, change: Partial<CaptureJob>): void => {
    job.view = { ...job.view, ...change };
  };
  const folderOf = (id: string): string => join(dir, id);
  const pathOf = (id: string): string => join(folderOf(id), 'file.hwcap');

  async function forget(job: Job): Promise<void> {
    clearTimeout(job.expiry);
    await rm(folderOf(job.view.id), { recursive: true, force: true });
  }

  /** A thread of its own, with a line of its own to the store: neither recording nor the page waits for it. */
  async function write(job: Job, mask: CaptureWorkerData['mask']): Promise<void> {
    const { id } = job.view;
    await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
    const storePort = await anotherPort(store());
    const data: CaptureWorkerData = { storePort, path: pathOf(id), mask };
    const worker = new Worker(new URL('./capture-worker.ts', import.meta.url), {
      workerData: data,
      transferList: [storePort],
      resourceLimits: limits,
    });
    job.worker = worker;
    if (job.view.state !== 'running') worker.postMessage('stop');
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: CaptureWorkerMessage) => {
        if ('failed' in message) reject(new Error(message.failed));
        else if (!('done' in message) && job.view.state === 'running') set(job, message);
      });
      worker.once('error', reject);
      worker.once('exit', resolve);
    });
  }

  async function run(job: Job, mask: CaptureWorkerData['mask']): Promise<void> {
    try {
      await write(job, mask);
      const { size } = await stat(pathOf(job.view.id));
      if (job.view.state !== 'running') return await forget(job);
      set(job, { state: 'done', bytes: size });
      job.expiry = setTimeout(() => {
        jobs.splice(jobs.indexOf(job), 1);
        void forget(job);
      }, keptMs);
      job.expiry.unref();
    } catch (error) {
      await forget(job);
      if (job.view.state !== 'running') return;
      set(job, { state: 'failed', problem: problemOf(error) });
    }
  }

  function cancel(id: string): void {
    const job = jobs.find(({ view }) => view.id === id && view.state === 'running');
    if (!job) return;
    set(job, { state: 'cancelled' });
    job.worker?.postMessage('stop');
  }

  return {
    save({ name, mask }) {
      // Before anything is begun: a path that is none must not mean that nothing is masked.
      maskerOf(mask);
      if (jobs.some(({ view }) => view.state === 'running')) {
        throw new ConnectionError(
          'unsupported',
          'Another capture is being written.',
          'Wait for it to end, or cancel it.',
        );
      }
      const id = randomUUID();
      const view: CaptureJob = { id, name: fileName(name), state: 'running', written: 0, total: 0 };
      const job: Job = { view, ended: Promise.resolve() };
      jobs.unshift(job);
      job.ended = run(job, mask);
      return id;
    },
    list: () => jobs.map(({ view }) => view),
    cancel,
    file(id) {
      const job = jobs.find(({ view }) => view.id === id && view.state === 'done');
      return !closing && job ? { name: job.view.name, path: pathOf(id) } : undefined;
    },
    async close() {
      closing = true;
      for (const { view } of jobs) cancel(view.id);
      await Promise.all(jobs.map(({ ended }) => ended));
      for (const { expiry } of jobs) clearTimeout(expiry);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A name that any system takes, with the ending that Headwater knows. */
function fileName(given: string): string {
  const safe = given
    .normalize('NFC')
    .replace(/\.hwcap$/i, '')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100);
  return `${safe === '' ? 'capture' : safe}.hwcap`;
}

function problemOf(error: unknown): CaptureJob['problem'] {
  const why = error instanceof Error ? error.message : String(error);
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left/i.test(why);
  return {
    code: isFull ? 'disk-full' : 'internal',
    message: isFull
      ? 'The disk is full: the capture was not written.'
      : `The capture was not written: ${why}`,
    remedy: isFull
      ? 'Free some space in the data folder, then save it again.'
      : 'Try again; nothing recorded was lost.',
  };
}
