import type {
  Reporter,
  SerializedError,
  TestCase,
  TestModule,
  TestRunEndReason,
  TestSuite,
} from 'vitest/node';

/** Ends a run with which tests were skipped and why, and with one plain line that counts: scripts read it. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      // A file or a suite that cannot be run has failed, whatever its tests say.
      counts.failed += ownErrors(module);
      for (const suite of module.children.allSuites()) counts.failed += ownErrors(suite);
      for (const test of module.children.allTests()) {
        const result = test.result();
        counts[result.state] += 1;
        if (result.state === 'skipped')
          skipped.push(`  ${nameOf(test)}: ${result.note ?? 'no reason given'}`);
      }
    }
    // A test that never ended, because the run was interrupted or its worker died, has not passed.
    const failed = Math.max(counts.failed + counts.pending, reason === 'passed' ? 0 : 1);
    const lines = skipped.length > 0 ? ['Skipped:', ...skipped] : [];
    if (counts.skipped > 0 && process.env['CI'] === 'true') {
      lines.push('With CI=true a skipped test is a failure.');
      process.exitCode = 1;
    }
    lines.push(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
    // At the very end: what stops the brokers still has something to say.
    process.once('exit', () => process.stdout.write(`\n${lines.join('\n')}\n`));
  }
}

function ownErrors(collection: TestModule | TestSuite): number {
  return collection.errors().length;
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
