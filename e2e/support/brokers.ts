import { describe, inject } from 'vitest';
import type { BrokersInfo } from '../brokers/info.ts';

type Name = 'kafka' | 'rabbitmq' | 'redis';
type Present = Required<Pick<BrokersInfo, Name>>;

/**
 * A suite that needs these brokers, which run already. Where one cannot be had the suite is skipped and the run says
 * how much and why; with CI=true the run has failed before it comes to this.
 */
export function describeWith(needs: readonly Name[], name: string, suite: (brokers: Present) => void): void {
  const brokers = inject('brokers');
  const missing = needs.filter((need) => brokers[need] === undefined);
  describe.skipIf(missing.length > 0)(name, () => {
    if (missing.length === 0) suite(brokers as Present);
    else describe.todo(`needs ${missing.join(', ')}`);
  });
}
