import { exitCode } from './failure.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const end = (): void => process.exit(exitCode.failed);

/** Makes a signal an exit, at which temporary folders are removed. */
export function endAtSignals(): void {
  for (const signal of signals) process.on(signal, end);
}

/** Lets the first signal ask for an orderly end; a second one ends the process at once. */
export function stopAtSignal(stop: () => void): void {
  const first = (): void => {
    for (const signal of signals) process.off(signal, first).on(signal, end);
    stop();
  };
  for (const signal of signals) process.off(signal, end).on(signal, first);
}
