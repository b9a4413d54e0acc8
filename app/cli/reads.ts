import type { Command } from 'commander';
import { registerExport } from './export-command.ts';
import { registerImport } from './import-command.ts';
import { registerTopology } from './topology-command.ts';
import { registerTrace } from './trace-command.ts';
import { registerTraces } from './traces-command.ts';

/** Adds the subcommands that work on files. */
export function registerReads(program: Command): void {
  registerImport(program);
  registerExport(program);
  registerTraces(program);
  registerTrace(program);
  registerTopology(program);
}
