import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './.ci/summary-reporter.ts';

const SECOND = 1000;

export default defineConfig({
  test: {
    // Stopping three brokers takes a while.
    teardownTimeout: 60 * SECOND,
    reporters: ['default', new SummaryReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'app/**/*.test.ts',
            'electron/**/*.test.ts',
            'renderer/**/*.test.{ts,tsx}',
            'e2e/**/*.unit.test.ts',
          ],
          // From 1: on two cores Vitest moves a group 0 behind all others.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/**/*.unit.test.ts'],
          globalSetup: ['e2e/brokers/global-setup.ts'],
          // They share the brokers and measure time: one file after the other, when the unit tests are done.
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 180 * SECOND,
          hookTimeout: 300 * SECOND,
        },
      },
      {
        // The desktop app in a real Electron, where its program is installed; not part of `npm test`.
        test: {
          name: 'electron',
          include: ['e2e/electron/**/*.spec.ts'],
          sequence: { groupOrder: 3 },
          fileParallelism: false,
          testTimeout: 120 * SECOND,
          hookTimeout: 120 * SECOND,
        },
      },
    ],
  },
});
