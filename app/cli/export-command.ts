import { Option } from 'commander';
import type { Command } from 'commander';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportTable } from '../format/export-table.ts';
import type { TableFormat } from '../format/export-table.ts';
import { openFile } from '../format/open-file.ts';
import { writeLine } from '../format/write-line.ts';
import type { SourceItem } from '../model/source.ts';
import { exitCode, Failure } from './failure.ts';
import { withFiles } from './load-file.ts';
import { endIfUnread, printJson, say } from './output.ts';
import { mustHaveFolder } from './output-file.ts';

interface ExportFlags {
  readonly format: 'ndjson' | TableFormat;
  readonly output: string;
  readonly json?: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('a capture to message lines, losing nothing that they can say, or its events to a table')
    .argument('<file>', 'capture (.hwcap) or message lines')
    .addOption(
      new Option('--format <format>', 'message lines, or a table')
        .choices(['ndjson', 'parquet', 'csv'])
        .default('ndjson'),
    )
    .requiredOption('-o, --output <file>', 'file to write (- for standard output, message lines only)')
    .option('--json', 'print what was written as JSON')
    .action(runExport);
}

async function runExport(file: string, { format, output, json }: ExportFlags): Promise<void> {
  const toStandardOutput = output === '-';
  if (toStandardOutput && (format !== 'ndjson' || json)) {
    throw new Failure(
      exitCode.calledWrongly,
      'Only message lines can be written to standard output, without --json.',
    );
  }
  if (!toStandardOutput) await mustHaveFolder(output);
  if (file !== '-' && !(await stat(file).catch(() => undefined))?.isFile()) {
    throw new Failure(exitCode.notThere, `There is no file ${file}.`);
  }
  if (resolve(file) === resolve(output)) {
    throw new Failure(exitCode.calledWrongly, `${output} is the file to read: name another to write.`);
  }
  const events =
    format === 'ndjson' ? await exportLines(file, output) : await exportEvents(file, output, format);
  say(`Wrote ${events} events to ${toStandardOutput ? 'standard output' : output}.`);
  if (json) await printJson({ file: output, events });
}

function exportEvents(file: string, output: string, format: TableFormat): Promise<number> {
  return withFiles([file], ({ store }) => exportTable(store, output, format));
}

async function exportLines(file: string, output: string): Promise<number> {
  let events = 0;
  async function* lines(): AsyncIterable<string> {
    for await (const items of openFile(file)) {
      let text = '';
      for (const item of items) {
        if (item.kind === 'message') events++;
        if (item.kind === 'alert') say(item.message);
        text += linesOf(item)
          .map((line) => `${line}\n`)
          .join('');
      }
      yield text;
    }
  }
  if (output !== '-') {
    await pipeline(lines, createWriteStream(output, { mode: 0o600 }));
    return events;
  }
  try {
    await pipeline(lines, process.stdout, { end: false });
  } catch (error) {
    endIfUnread(error);
    throw error;
  }
  return events;
}

function linesOf(item: SourceItem): string[] {
  switch (item.kind) {
    case 'topology':
      return [...item.subscriptions, ...item.bindings].map(writeLine);
    case 'alert':
    case 'checkpoint':
    case 'key-edit':
      return [];
    default:
      return [writeLine(item)];
  }
}
