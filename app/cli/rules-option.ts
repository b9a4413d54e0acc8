import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import type { Rules } from '../correlate/rules/index.ts';
import { readRuleFiles } from '../pipeline/rule-files.ts';
import { exitCode, Failure } from './failure.ts';
import { say } from './output.ts';

export interface RulesFlag {
  readonly rules?: string;
}

/** Adds the option that names rules of one's own. */
export function addRulesOption(command: Command): Command {
  return command.option('--rules <dir>', 'understand messages by the rules in this folder (*.json) too');
}

/**
 * The rules that the option names. Files that are wrong are told, and do not count.
 * @throws Failure where there is no such folder.
 */
export async function rulesOf({ rules: dir }: RulesFlag): Promise<Rules | undefined> {
  if (dir === undefined) return undefined;
  const isFolder = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Failure(exitCode.notThere, `There is no folder ${dir}.`);
  const { rules, problems } = await readRuleFiles(dir);
  problems.forEach(say);
  return rules;
}
