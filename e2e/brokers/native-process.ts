import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerError, PortTakenError, messageOf } from './errors.ts';
import type { Scratch } from './scratch.ts';

/** A process to keep running, and how to tell that it serves. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Resolves once the process serves, rejects while it does not. */
  readonly probe: () => Promise<void>;
}

/** One server process that can be stopped and started again with the same command. */
export interface NativeProcess {
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** Asks it to end (SIGTERM), and insists after 20 s. */
  stop(): Promise<void>;
  /** SIGKILL to its whole process group, as in a crash. */
  kill(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;
const PORT_TAKEN =
  /address already in use|eaddrinuse|failed to bind|dist_port_already_used|port .* (in use|taken)/i;

/** Makes a process that dies with us and reports a failed start with the end of its log. */
export function nativeProcess(spec: ProcessSpec, scratch: Scratch): NativeProcess {
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    if (child) return;
    const log = openSync(spec.logFile, 'a');
    // A group of its own, so that Ctrl-C in a terminal reaches us first, and helpers of the server end with it.
    const started = spawn(spec.command, spec.args, {
      cwd: scratch.dir,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    let failure = '';
    ended = new Promise((resolve) => {
      const finish = (): void => {
        if (child === started) child = undefined;
        if (started.pid !== undefined) scratch.release(started.pid);
        resolve();
      };
      started.once('exit', (code, signalName) => {
        failure ||= `ended with ${signalName ?? `code ${code}`}`;
        finish();
      });
      started.once('error', (error) => {
        failure = error.message;
        finish();
      });
    });
    child = started;
    if (started.pid !== undefined) scratch.adopt(started.pid);
    await ready(() => failure);
    started.unref();
  }

  async function ready(failed: () => string): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    let last = '';
    for (;;) {
      const answered = await spec.probe().then(
        () => true,
        (thrown: unknown) => {
          last = messageOf(thrown);
          return false;
        },
      );
      const failure = failed();
      if (failure) throw failedStart(`${spec.name} ${failure} while it was starting`);
      if (answered) return;
      if (Date.now() > deadline) {
        await signal('SIGKILL');
        throw failedStart(`${spec.name} did not answer within ${READY_WITHIN_MS / 1000} s (${last})`);
      }
      await sleep(100);
    }
  }

  function failedStart(what: string): BrokerError {
    const tail = readFileSync(spec.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
    return PORT_TAKEN.test(tail)
      ? new PortTakenError(`${what}: another process took one of its ports.`)
      : new BrokerError(`${what}. The end of its log:\n${tail || '(empty)'}`);
  }

  async function signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pid = child?.pid;
    if (pid === undefined) return;
    // Unless it counts again as a reason to stay, nothing may keep us alive until it has ended.
    child?.ref();
    try {
      process.kill(name === 'SIGKILL' ? -pid : pid, name);
    } catch {
      // It ended in the meantime; `ended` says so.
    }
    await Promise.race([ended, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
  }

  return {
    get pid() {
      return child?.pid;
    },
    start,
    async stop() {
      await signal('SIGTERM');
      await signal('SIGKILL');
    },
    kill: () => signal('SIGKILL'),
  };
}
