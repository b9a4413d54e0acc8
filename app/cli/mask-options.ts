import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Mask } from '../model/mask.ts';
import { parseFieldPaths } from '../pipeline/mask-path.ts';

export interface MaskFlags {
  readonly mask: readonly string[];
  readonly maskHeader: readonly string[];
  readonly maskKeepUnreadable?: boolean;
}

/** Adds the options that say what is masked before anything is written. */
export function addMaskOptions(command: Command): Command {
  return command
    .option(
      '--mask <field…>',
      'replace these fields of payloads: customer.email, items[].card, *.password',
      addPath,
      [],
    )
    .option('--mask-header <name…>', 'replace the values of these headers', addNames, [])
    .option(
      '--mask-keep-unreadable',
      'keep payloads that are not JSON; without it they are withheld where fields are masked',
    );
}

/** What the options say; undefined where nothing is masked. */
export function maskOf({ mask, maskHeader, maskKeepUnreadable }: MaskFlags): Mask | undefined {
  if (mask.length === 0 && maskHeader.length === 0) return undefined;
  return { fields: mask, headers: maskHeader, keepUnreadable: maskKeepUnreadable };
}

function addPath(text: string, all: readonly string[]): string[] {
  const given = listOf(text);
  try {
    parseFieldPaths(given);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
  return [...all, ...given];
}

function addNames(text: string, all: readonly string[]): string[] {
  return [...all, ...listOf(text)];
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
