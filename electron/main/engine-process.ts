import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import type { EngineState, OpenedFile } from '../../app/contract/desktop.ts';
import type { engineHost, HandOver } from '../../app/contract/host.ts';
import type { Child, Port } from './electron-api.ts';
import type { ShellRouter } from './shell-router.ts';

/** The engine in its own process: started again when it ends by itself, and ended in order. */
export interface EngineProcess {
  state(): EngineState;
  /** The page's end of a new port, as soon as the engine runs. */
  connectPage(): Promise<Port>;
  openFile(path: string): Promise<OpenedFile>;
  /** The file of a capture that was saved; undefined where there is none. */
  captureFile(id: string): Promise<{ name: string; path: string } | undefined>;
  /** Undoes side effects and closes the store, within a time limit. Nothing is started again afterwards. */
  stop(): Promise<void>;
}

export interface EngineProcessOptions {
  readonly fork: () => Child;
  readonly channel: () => { readonly port1: Port; readonly port2: Port };
  /** What the engine may ask of the shell. */
  readonly router: ShellRouter;
  readonly onState: (state: EngineState) => void;
  readonly log: (line: string) => void;
  readonly times?: Times;
}

interface Times {
  /** Pause before an engine that ended is started again; doubled each time up to the longest. */
  readonly shortestPause: number;
  readonly longestPause: number;
  /** An engine that ran that long was well: the pause begins anew. */
  readonly well: number;
  /** How long it may take to stop. */
  readonly stop: number;
}

const usual: Times = { shortestPause: 500, longestPause: 30_000, well: 60_000, stop: 15_000 };

interface Run {
  readonly child: Child;
  readonly engine: ContractRouterClient<typeof engineHost>;
  readonly exited: Promise<number>;
}

export function superviseEngine(options: EngineProcessOptions): EngineProcess {
  const { fork, channel, router, onState, log, times = usual } = options;
  let state: EngineState = { phase: 'starting' };
  let current: Run | undefined;
  let waiting: ((run: Run) => void)[] = [];
  let pause = times.shortestPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopping: Promise<void> | undefined;

  const enter = (next: EngineState) => {
    state = next;
    onState(next);
  };

  function launch(): void {
    const child = fork();
    const up = channel();
    const down = channel();
    const run: Run = {
      child,
      engine: createORPCClient(new RPCLink({ port: up.port1 })),
      exited: new Promise((resolve) => child.on('exit', resolve)),
    };
    current = run;
    new RPCHandler(router).upgrade(down.port1);
    up.port1.start();
    down.port1.start();
    child.postMessage({ kind: 'host' } satisfies HandOver, [up.port2, down.port2]);

    let why: string | undefined;
    let since: number | undefined;
    run.engine.start({}).then(
      () => {
        since = Date.now();
        if (!stopping) enter({ phase: 'running' });
        for (const go of waiting.splice(0)) go(run);
      },
      (error: unknown) => {
        // One that has ended says so by itself.
        if (error instanceof ORPCError) why = error.message;
        child.kill();
      },
    );
    void run.exited.then((code) => {
      up.port1.close();
      down.port1.close();
      current = undefined;
      if (stopping) return;
      if (since !== undefined && Date.now() - since >= times.well) pause = times.shortestPause;
      const message =
        why ?? `The engine stopped unexpectedly (exit code ${code}). Connections resume where they were.`;
      log(`${message} It is started again in ${pause / 1000} s.`);
      enter({ phase: 'restarting', message });
      timer = setTimeout(launch, pause);
      pause = Math.min(times.longestPause, pause * 2);
    });
  }

  const whenRunning = (): Promise<Run> =>
    current && state.phase === 'running'
      ? Promise.resolve(current)
      : new Promise((resolve) => waiting.push(resolve));

  async function end(): Promise<void> {
    clearTimeout(timer);
    waiting = [];
    const run = current;
    if (!run) return;
    const inTime = await Promise.race([
      run.engine.stop().then(
        () => true,
        () => true,
      ),
      run.exited.then(() => true),
      after(times.stop).then(() => false),
    ]);
    if (!inTime) {
      log(
        `The engine did not stop within ${times.stop / 1000} s and is ended. What it holds on brokers is undone at the next start.`,
      );
    }
    run.child.kill();
    await Promise.race([run.exited, after(times.stop)]);
  }

  launch();
  return {
    state: () => state,
    async connectPage() {
      const { child } = await whenRunning();
      const { port1, port2 } = channel();
      child.postMessage({ kind: 'page' } satisfies HandOver, [port2]);
      return port1;
    },
    async openFile(path) {
      try {
        return await (await whenRunning()).engine.openFile({ path });
      } catch (error) {
        return { problem: asProblem(error) };
      }
    },
    async captureFile(id) {
      return (await whenRunning()).engine.capture({ id });
    },
    stop: () => (stopping ??= end()),
  };
}

function asProblem(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof ORPCError && error.code === 'FAILED') {
    const { code, message, remedy } = error.data as { code: string; message: string; remedy: string };
    return { code, message, remedy };
  }
  return {
    code: 'lost',
    message: 'The engine stopped while it opened the file.',
    remedy: 'Open it again once the engine runs.',
  };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
