import type { Command } from 'commander';
import { writeCapture } from '../format/write-capture.ts';
import { withFiles, type Loaded } from './load-file.ts';
import { addMaskOptions, maskOf, type MaskFlags } from './mask-options.ts';
import { printJson, say } from './output.ts';
import { mustHaveFolder } from './output-file.ts';
import { addRulesOption, rulesOf, type RulesFlag } from './rules-option.ts';

interface ImportFlags extends MaskFlags, RulesFlag {
  readonly output: string;
  readonly json?: boolean;
}

export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .description('message lines to a capture; several files count as one')
    .argument('<file...>', 'message lines (.ndjson, - for standard input) or captures (.hwcap)')
    .requiredOption('-o, --output <file>', 'capture to write (.hwcap)')
    .option('--json', 'print what was written as JSON');
  addRulesOption(addMaskOptions(command)).action(async (files: string[], flags: ImportFlags) => {
    await mustHaveFolder(flags.output);
    const write = async ({ store }: Loaded): Promise<void> => {
      const written = await writeCapture(store, flags.output);
      say(`Wrote ${written.events} events and ${written.deliveries} deliveries to ${flags.output}.`);
      if (flags.json) await printJson({ file: flags.output, ...written });
    };
    await withFiles(files, write, { mask: maskOf(flags), rules: await rulesOf(flags) });
  });
}
