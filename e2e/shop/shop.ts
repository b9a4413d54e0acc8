import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS } from './faults.ts';
import { firstOrder } from './ids.ts';
import type { Command, Report } from './kit/service.ts';
import type { ServiceConfig, ShopOptions } from './options.ts';
import { setUpShop } from './setup.ts';

/** The services, each a process of its own. */
export const SERVICES = [
  'storefront',
  'payments',
  'fraud',
  'inventory',
  'shipping',
  'notifications',
  'ledger',
] as const;

/** The name of a service. */
export type ServiceName = (typeof SERVICES)[number];

/** How a run ended. */
export interface ShopSummary {
  readonly placed: number;
  readonly completed: number;
  /** Orders that were placed and did not complete; none without a fault. */
  readonly incomplete: readonly string[];
  readonly seconds: number;
}

/** A running shop. */
export interface ShopRun {
  readonly logDir: string;
  /** The number of the first order; the others follow. */
  readonly firstOrder: number;
  /** Resolves when all orders have completed and everything is quiet, or nothing has moved for a while. */
  readonly done: Promise<ShopSummary>;
  /** Ends all services now. */
  stop(): Promise<void>;
  /** Kills a service as a crash would. */
  killService(name: ServiceName): Promise<void>;
  /** Starts a service again that was killed. */
  startService(name: ServiceName): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const QUIET_MS = 1000;

/** Sets up the brokers, starts the seven services and lets the orders come in. Resolves once the first may come. */
export async function runShop(options: ShopOptions): Promise<ShopRun> {
  const logDir = options.logDir ?? mkdtempSync(join(tmpdir(), 'headwater-shop-'));
  mkdirSync(logDir, { recursive: true });
  const { prefix = '', faults = [], seed, orders, rate, brokers } = options;
  const config: ServiceConfig = {
    brokers,
    rate,
    orders,
    faults,
    seed,
    prefix,
    logDir,
    firstOrder: firstOrder(seed),
  };
  const children = new Map<ServiceName, ChildProcess>();
  const placed = new Set<string>();
  const completed = new Set<string>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let lastActive = Date.now();
  let stopping = false;

  function listen(report: Report): void {
    lastActive = Date.now();
    if (report.kind === 'completed') completed.add(report.orderId);
    if (report.kind !== 'placed') return;
    placed.add(report.orderId);
    const down = faults.find(({ name }) => name === 'consumer-down');
    if (down && placed.size === Math.max(1, Math.round(Number(down.parameters['after']) * orders))) {
      void killService(down.parameters['service'] as ServiceName);
    }
  }

  function startService(name: ServiceName): Promise<void> {
    const child = fork(join(import.meta.dirname, 'services', `${name}.ts`), [], {
      env: { ...process.env, SHOP_CONFIG: JSON.stringify(config) },
      // kafkajs computes timers that lie in the past, about which Node warns.
      execArgv: ['--disable-warning=TimeoutNegativeWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.set(name, child);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} was not ready within 60 s`)), READY_WITHIN_MS);
      child.on('message', (report: Report) => {
        if (report.kind === 'ready') {
          clearTimeout(timer);
          resolve();
        } else listen(report);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        if (children.get(name) === child) children.delete(name);
        const error = new Error(`${name} ended by itself (${signal ?? `code ${code}`})`);
        reject(error);
        if (!stopping && signal !== 'SIGKILL') failure.reject(error);
      });
    });
  }

  async function killService(name: ServiceName): Promise<void> {
    await end(children.get(name), 'SIGKILL');
  }

  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all([...children.values()].map((child) => end(child, 'stop')));
  }

  async function untilDone(): Promise<ShopSummary> {
    const started = Date.now();
    const patience =
      (options.patienceMs ?? 4000) + Math.max(0, ...faults.map((fault) => delayOf(fault.parameters)));
    for (;;) {
      await Promise.race([sleep(100), failure.promise]);
      const quiet = Date.now() - lastActive;
      if (stopping || (completed.size >= orders && quiet > QUIET_MS)) break;
      if (placed.size >= orders && quiet > patience) break;
      // A handler that is put out of its group again and again never becomes quiet.
      if (
        placed.size >= orders &&
        faults.length > 0 &&
        Date.now() - started > (orders / rate) * 1000 + 3 * patience
      )
        break;
    }
    const seconds = (lastActive - started) / 1000;
    const incomplete = [...placed].filter((orderId) => !completed.has(orderId)).sort();
    return { placed: placed.size, completed: completed.size, incomplete, seconds };
  }

  try {
    await setUpShop(brokers, prefix);
    await Promise.all(SERVICES.map(startService));
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  children.get('storefront')?.send('go' satisfies Command);
  const done = (async () => {
    try {
      return await untilDone();
    } finally {
      await stop();
    }
  })();
  done.catch(() => {});
  return { logDir, firstOrder: config.firstOrder, done, stop, killService, startService };
}

/** How long a fault keeps a service silent while it is still at work. */
function delayOf(parameters: Readonly<Record<string, string | number>>): number {
  return Math.min(Number(parameters['ms'] ?? 0), 10_000);
}

async function end(child: ChildProcess | undefined, how: 'stop' | 'SIGKILL'): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (how === 'stop' && child.connected) child.send('stop' satisfies Command);
  else child.kill('SIGKILL');
  const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(killer);
}

/** Says how a run went, in lines for people. */
export function summaryLines(
  summary: ShopSummary,
  options: Pick<ShopOptions, 'faults'>,
  run: ShopRun,
): string {
  const { placed, completed, incomplete, seconds } = summary;
  const shown = incomplete.slice(0, 10).join(', ') + (incomplete.length > 10 ? ', …' : '');
  return [
    `${placed} orders placed (from ${run.firstOrder}), ${completed} completed in ${seconds.toFixed(1)} s`,
    ...(incomplete.length > 0 ? [`${incomplete.length} did not complete: ${shown}`] : []),
    ...(options.faults ?? []).map(
      ({ name }) => `fault ${name}: ${FAULTS[name].service} ${FAULTS[name].description}`,
    ),
    `logs: ${run.logDir}`,
  ].join('\n');
}
