import { strikes, type Fault, type FaultName } from '../faults.ts';
import { SeededIds } from '../ids.ts';
import { shopNames, type ShopNames } from '../names.ts';
import type { ServiceConfig } from '../options.ts';
import { openLog, type ServiceLog } from './log.ts';

/** What a service tells the process that started it. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'active' }
  | { readonly kind: 'placed' | 'completed'; readonly orderId: string };

/** What a service is told while it runs. */
export type Command = 'go' | 'stop';

/** Everything that a service of the shop works with. */
export interface Shop {
  readonly name: string;
  readonly config: ServiceConfig;
  readonly names: ShopNames;
  readonly ids: SeededIds;
  readonly log: ServiceLog;
  /** The fault, where it is switched on and, with an order, strikes that order. */
  fault(name: FaultName, orderId?: string): Fault | undefined;
  report(report: Report): void;
  /** Registers what to close at the end; the last registered is closed first. */
  onStop(close: () => Promise<unknown>): void;
  /** Resolves when all services are ready. */
  readonly go: Promise<void>;
}

const ACTIVE_EVERY_MS = 100;

/** Runs a service: starts it, reports it ready, and ends it when asked to or when the shop is gone. */
export function runService(name: string, start: (shop: Shop) => Promise<void>): void {
  const config = JSON.parse(process.env['SHOP_CONFIG'] ?? '{}') as ServiceConfig;
  const closers: (() => Promise<unknown>)[] = [];
  const report = (message: Report): void => {
    // With a callback, so that a shop that has just ended is no error here: `disconnect` follows.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  let lastActive = 0;
  const active = (): void => {
    if (Date.now() - lastActive < ACTIVE_EVERY_MS) return;
    lastActive = Date.now();
    report({ kind: 'active' });
  };
  const go = Promise.withResolvers<void>();
  const stop = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close().catch(() => {});
    process.exit(0);
  };
  process.on('message', (command: Command) => (command === 'go' ? go.resolve() : void stop()));
  // The shop that started us was killed: nobody wants our events any more.
  process.on('disconnect', () => process.exit(1));
  // Ctrl-C in a terminal reaches us as well; the shop then says when to stop.
  process.on('SIGINT', () => {});

  const shop: Shop = {
    name,
    config,
    names: shopNames(config.prefix),
    ids: new SeededIds(config.seed),
    log: openLog(name, config.logDir, active),
    fault(fault, orderId) {
      return config.faults.find(
        (one) =>
          one.name === fault &&
          (orderId === undefined || strikes(one, Number(orderId) - config.firstOrder + 1, orderId)),
      );
    },
    report,
    onStop: (close) => void closers.push(close),
    go: go.promise,
  };
  start(shop).then(
    () => report({ kind: 'ready' }),
    (thrown: unknown) => {
      console.error(`${name} could not start:`, thrown);
      process.exit(1);
    },
  );
}
