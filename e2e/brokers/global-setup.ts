import type { TestProject } from 'vitest/node';
import { ALL_NEEDS } from './availability.ts';
import { progress } from './errors.ts';
import { brokersInfo, type BrokersInfo } from './info.ts';
import { hideTimerWarnings } from './quiet.ts';
import { startBrokers } from './start.ts';

declare module 'vitest' {
  // Merged with vitest's own, which types what `inject('brokers')` returns.
  export interface ProvidedContext {
    brokers: BrokersInfo;
  }
}

/** Starts the brokers once for a whole vitest run, tells the tests where they are, and ends them after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  hideTimerWarnings();
  const brokers = await startBrokers({
    tools: ALL_NEEDS.filter((need) => need === 'chromium' || need === 'kcat'),
  });
  for (const { name, reason } of brokers.unavailable)
    progress(`Tests that need ${name} are skipped: ${reason}`);
  project.provide('brokers', brokersInfo(brokers));
  return () => brokers.dispose();
}
