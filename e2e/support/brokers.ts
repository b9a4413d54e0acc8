import { describe, inject } from 'vitest';
import type { BrokersInfo } from '../brokers/info.ts';

type Name = 'kafka' | 'rabbitmq' | 'redis';
type Present = Required<Pick<BrokersInfo, Name>>;

/**
 * A suite that needs these brokers, which run already. Where one cannot be had the suite is skipped, and the end of the
 * run says how many tests and why; with CI=true the run has failed before it comes to this.
 */
export function describeWith(
  needs: readonly Name[],
  title: string,
  suite: (brokers: () => Present) => void,
): void {
  const brokers = inject('brokers');
  const missing = needs.filter((need) => brokers[need] === undefined);
  const suffix = missing.length > 0 ? ` (needs ${missing.join(', ')})` : '';
  describe.skipIf(missing.length > 0)(`${title}${suffix}`, () => {
    suite(() => brokers as Present);
  });
}
