import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { z } from 'zod';
import { makeDir } from '../base/make-dir.ts';
import type { SecretStore } from '../pipeline/secret-store.ts';
import type { Supervisor } from '../pipeline/supervisor.ts';
import { createRevisionLog } from '../rpc/revision-log.ts';
import { createRouter, type Remote } from '../rpc/router.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { createCaptures, type CaptureFiles } from './captures.ts';
import { connectors } from './connectors.ts';
import type { Notice, RecordingService, RecordingWorkerData } from './recording-worker.ts';
import type { StoreWorkerData } from './store-worker.ts';
import { serveOn, serviceAt } from './thread-rpc.ts';
import { version } from './version.ts';

export interface EngineOptions {
  /** The data folder: the store, the list of connections, the journal. Made with mode 0700. */
  readonly dir: string;
  readonly sizeCapBytes?: number;
  /** Keeps passwords beyond this run; without one they are held in memory. */
  readonly secrets?: SecretStore;
  /** Called with what the user should know: a worker restarted, a store that cannot be written. */
  readonly onWarning: (message: string) => void;
}

/** The engine without a transport: RPC servers of any kind are put before its router. */
export interface Engine {
  readonly router: ReturnType<typeof createRouter>;
  readonly supervisor: () => Remote<Supervisor>;
  readonly captures: CaptureFiles;
  /** Disconnects, undoes side effects, makes everything durable. */
  close(): Promise<void>;
}

interface Threads {
  readonly store: TraceStore;
  readonly supervisor: Remote<RecordingService>;
  stop(): Promise<void>;
}

/**
 * Memory of the workers' heaps, MB. Young space for the objects of a few batches, so that they die there instead of
 * being copied; old space well above what the bounded windows hold, or V8 lets it grow to what the machine has.
 */
const limits = {
  store: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 768 },
  recording: { maxYoungGenerationSizeMb: 128, maxOldGenerationSizeMb: 1024 },
};

const defaultSizeCap = 20 * 1024 ** 3;
/** More often than this is no accident, and going on would only hide it. */
const restarts = { most: 5, withinMs: 60_000 };

/**
 * Starts both workers and serves the contract from them. A worker that dies is restarted together with its partner
 * (they share a port), and the user is told; connections resume from their stored positions.
 * @throws Error with a sentence for the user when the store cannot be opened.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dir, sizeCapBytes = defaultSizeCap, secrets } = options;
  await makeDataDir(dir);
  const revisions = createRevisionLog();
  const warnings: string[] = [];
  const warn = (message: string) => {
    warnings.push(`${new Date().toISOString()} ${message}`);
    warnings.splice(0, warnings.length - 20);
    options.onWarning(message);
    revisions.note({ connections: true });
  };

  let closing = false;
  const deaths: number[] = [];
  let threads = await startThreads();

  async function startThreads(): Promise<Threads> {
    const between = new MessageChannel();
    const notices = new MessageChannel();
    const passwords = secrets && new MessageChannel();
    if (passwords) serveOn(passwords.port1, secrets);
    const storeData: StoreWorkerData = { dir: join(dir, 'store'), sizeCapBytes, port: between.port1 };
    const storeWorker = new Worker(besideThis('store-worker'), {
      workerData: storeData,
      resourceLimits: limits.store,
      transferList: [between.port1],
    });
    await ready(storeWorker);
    const recordingData: RecordingWorkerData = {
      dir,
      storePort: between.port2,
      secretPort: passwords?.port2,
      noticePort: notices.port2,
    };
    const recordingWorker = new Worker(besideThis('recording-worker'), {
      workerData: recordingData,
      resourceLimits: limits.recording,
      transferList: [between.port2, notices.port2, ...(passwords ? [passwords.port2] : [])],
    });
    notices.port1.on('message', (notice: Notice) => {
      revisions.note(notice);
      for (const problem of notice.problems) warn(problem);
    });
    // It waits for the store: should that die now, nobody else would notice.
    await Promise.race([ready(recordingWorker), death(storeWorker)]);

    let stopped = false;
    const onDeath = (which: string) => (error: unknown) => {
      if (stopped || closing) return;
      stopped = true;
      void Promise.all([storeWorker.terminate(), recordingWorker.terminate()]).then(() =>
        revive(which, error),
      );
    };
    for (const event of ['error', 'exit'] as const) {
      storeWorker.on(event, onDeath('store'));
      recordingWorker.on(event, onDeath('recording'));
    }
    // Every method of the store returns a promise already, so its remote has the same type.
    const store = serviceAt<TraceStore>(storeWorker) as unknown as TraceStore;
    const supervisor = serviceAt<RecordingService>(recordingWorker) as unknown as Remote<RecordingService>;
    // Millions of deliveries take seconds to be counted for the first time: begun before somebody opens the map.
    // Only then is it known which traces are stuck.
    store.consumption().then(
      () => revisions.note({ moreTraces: true }),
      () => undefined,
    );
    return {
      store,
      supervisor,
      async stop() {
        stopped = true;
        await supervisor.close();
        await recordingWorker.terminate();
        await store.close();
        await storeWorker.terminate();
        notices.port1.close();
        passwords?.port1.close();
      },
    };
  }

  async function revive(which: string, error: unknown): Promise<void> {
    const now = Date.now();
    deaths.push(now);
    const recent = deaths.filter((d) => now - d < restarts.withinMs);
    const why = error instanceof Error ? error.message : `exit code ${String(error)}`;
    if (recent.length > restarts.most) {
      warn(
        `The ${which} worker keeps stopping (${why}). Headwater gave up; restart it, and please report this.`,
      );
      return;
    }
    warn(`The ${which} worker stopped (${why}) and was restarted; connections resume where they were.`);
    try {
      threads = await startThreads();
    } catch (failed) {
      await revive(which, failed);
    }
  }

  /** Only where it all is of one connection, and nobody is just reading it. */
  async function forgetRecorded(connection: string): Promise<void> {
    const recorded = await threads.store.activity();
    const isWriting = captures.list().some(({ state }) => state === 'running');
    if (closing || isWriting || recorded.some((channel) => channel.connection !== connection)) return;
    await threads.stop();
    await rm(join(dir, 'store'), { recursive: true, force: true });
    await makeDataDir(dir);
    threads = await startThreads();
    revisions.beginAnew();
  }

  // Left by an earlier run that was killed.
  await rm(join(dir, 'uploads'), { recursive: true, force: true });
  const captures = await createCaptures({
    dir: join(dir, 'exports'),
    store: () => threads.store,
  });
  const router = createRouter({
    version,
    kinds: connectors.map(({ description }) => ({
      ...description,
      options: z.toJSONSchema(description.options, { unrepresentable: 'any', io: 'input' }) as Record<
        string,
        unknown
      >,
    })),
    store: () => threads.store,
    supervisor: () => threads.supervisor,
    editLinks: (edits) => threads.supervisor.editLinks(edits),
    revisions,
    warnings: () => warnings,
    captures,
    forgetRecorded,
  });
  return {
    router,
    supervisor: () => threads.supervisor,
    captures,
    async close() {
      closing = true;
      await captures.close();
      await threads.stop();
      await rm(join(dir, 'uploads'), { recursive: true, force: true });
    },
  };
}

/** @throws Error with a sentence for the user. */
async function makeDataDir(dir: string): Promise<void> {
  try {
    await makeDir(join(dir, 'store'));
  } catch (error) {
    const { code = '', path = dir } = error as NodeJS.ErrnoException;
    const why = {
      ENOTDIR: 'part of that path is a file',
      EEXIST: 'that is a file',
      EACCES: 'your user may not write there',
      EPERM: 'your user may not write there',
      EROFS: 'that disk can only be read',
      ENOENT: 'no folder can be made there',
      ENOSPC: 'the disk is full',
    }[code];
    throw new Error(
      `The data folder ${dir} cannot be used: ${path} could not be made (${why ?? code}). ` +
        'Choose another with --data.',
      { cause: error },
    );
  }
}

/** Rejects when the worker stops. */
function death(worker: Worker): Promise<never> {
  return new Promise((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`a worker stopped with exit code ${code}`));
    });
  });
}

/** A worker's file: TypeScript where Node runs this folder as it is, JavaScript where it was built for the shell. */
function besideThis(name: string): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}

/** Resolves when the worker says that it is ready; rejects with what stopped it. */
function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('ready' in message)) return;
      worker.off('message', onMessage);
      worker.off('error', reject);
      resolve();
    };
    worker.on('message', onMessage);
    worker.once('error', reject);
  });
}
