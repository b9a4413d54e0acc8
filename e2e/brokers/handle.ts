import { sweepStale, type Scratch } from './scratch.ts';

/** The brokers that can be started here. */
export type BrokerName = 'kafka' | 'rabbitmq' | 'redis';

/** What starts and stops a broker: a process of ours or a container. */
export interface Runnable {
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** A broker that was started. It can be stopped and started again on the same ports with the same data. */
export interface BrokerHandle extends Runnable {
  readonly name: BrokerName;
  readonly via: 'native' | 'docker';
  /** Ends it in good order, keeping its data. */
  stop(): Promise<void>;
  /** Starts it again after `stop` or `kill`; resolves once it serves. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it as a crash would (SIGKILL), keeping its data. */
  kill(): Promise<void>;
  /** Ends it and removes its data. The end of this process does the same. */
  dispose(): Promise<void>;
}

/** Combines processes that make up one broker, in the order in which they start. */
export function brokerHandle(
  name: BrokerName,
  via: 'native' | 'docker',
  parts: readonly Runnable[],
  scratch: Scratch,
): BrokerHandle {
  const main = parts.at(-1);
  const handle: BrokerHandle = {
    name,
    via,
    get pid() {
      return main?.pid;
    },
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of parts.toReversed()) await part.stop();
    },
    async kill() {
      await Promise.all(parts.map((part) => part.kill()));
    },
    async restart() {
      await handle.stop();
      await handle.start();
    },
    async dispose() {
      // Its data is about to go: there is nothing to save by an orderly end, which takes RabbitMQ 6 s.
      await Promise.allSettled(parts.map((part) => part.kill()));
      await scratch.dispose();
    },
  };
  return handle;
}

let swept: Promise<void> | undefined;

/** Starts a new broker; what it leaves behind when that fails is removed, and what older runs left, before. */
export async function startNew<T extends BrokerHandle>(handle: T): Promise<T> {
  await (swept ??= sweepStale());
  try {
    await handle.start();
    return handle;
  } catch (thrown) {
    await handle.dispose();
    throw thrown;
  }
}

/**
 * Adds properties to a handle without losing its live `pid`, which a spread would freeze.
 */
export function withDetails<D extends object>(handle: BrokerHandle, details: D): BrokerHandle & D {
  return Object.assign(handle, details);
}
