import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLine, run } from './command.ts';
import { BrokerError, PortTakenError, messageOf } from './errors.ts';
import type { BrokerName, Runnable } from './handle.ts';
import type { Scratch } from './scratch.ts';

const COMPOSE_FILE = join(import.meta.dirname, 'compose.yml');
const READY_WITHIN_MS = 120_000;

/** Whether a Docker engine answers and has the compose plugin; the reason where not. */
export async function dockerProblem(): Promise<string | undefined> {
  const engine = await run('docker', ['info'], { timeoutMs: 10_000 });
  if (engine.code !== 0) return 'no Docker engine answers';
  const compose = await run('docker', ['compose', 'version'], { timeoutMs: 10_000 });
  return compose.code === 0 ? undefined : 'Docker has no compose plugin';
}

/** One service of compose.yml in a project of its own, so that several can run side by side. */
export function dockerService(
  service: BrokerName,
  env: Readonly<Record<string, string>>,
  probe: () => Promise<void>,
  scratch: Scratch,
): Runnable {
  const project = scratch.dir.replace(/^.*\//, '').toLowerCase();
  const base = ['compose', '-p', project, '-f', COMPOSE_FILE];
  scratch.onOrphaned(`docker compose -p ${project} down --volumes --timeout 1\n`);

  async function compose(...args: string[]): Promise<void> {
    const { code, output } = await run('docker', [...base, ...args], { env, timeoutMs: 10 * 60_000 });
    if (code === 0) return;
    const what = `docker compose ${args[0]} ${service} failed: ${lastLine(output)}`;
    throw /already (allocated|in use)/.test(output) ? new PortTakenError(what) : new BrokerError(what);
  }

  return {
    pid: undefined,
    async start() {
      await compose('up', '--detach', service);
      const deadline = Date.now() + READY_WITHIN_MS;
      for (;;) {
        try {
          return await probe();
        } catch (thrown) {
          if (Date.now() > deadline) {
            throw new BrokerError(
              `${service} in Docker did not answer within 2 minutes: ${messageOf(thrown)}`,
            );
          }
          await sleep(300);
        }
      }
    },
    stop: () => compose('stop', '--timeout', '15', service),
    kill: () => compose('kill', service),
  };
}
