import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { exitCode, Failure } from './failure.ts';

/**
 * What is no command is the file to open, as far as it can be one: a single word without a dot or a slash, or with
 * arguments behind it, was meant as a command.
 * @throws Failure that lists the commands.
 */
export function mustBeCommand(program: Command, args: readonly string[]): void {
  const [first, second] = args;
  if (first === undefined || first.startsWith('-') || existsSync(first)) return;
  const names = ['help', ...program.commands.map((command) => command.name())].toSorted();
  if (names.includes(first)) return;
  const hasMore = second !== undefined && !second.startsWith('-');
  if (!hasMore && /[./\\]/.test(first)) return;
  throw new Failure(
    exitCode.calledWrongly,
    `There is no command ${first}, and no file of that name. The commands are ${names.join(', ')}; headwater --help explains them.`,
  );
}
