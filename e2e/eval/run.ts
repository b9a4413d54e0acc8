import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { command } from '../support/headwater.ts';
import { score, type Found, type LabelledTruth } from './score.ts';

/**
 * `npm run eval -- DIR…`: how true traces and links are, judged by labelled sets. A folder holds `messages.ndjson` and
 * `truth.json` `{"traces":[["m1","m2"…],…],"links":[["m1","m2"],…]}`. One JSON line a folder on standard output, the
 * rest on standard error. What is judged is what `headwater traces --json` prints.
 */
const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('Say which folders: npm run eval -- DIR…\n');
  process.exit(2);
}

interface TraceLine {
  readonly events: readonly { readonly id: string }[];
  readonly links: readonly { readonly from: string; readonly to: string; readonly confidence: number }[];
}

async function evaluate(folder: string): Promise<Record<string, unknown>> {
  const messages = join(folder, 'messages.ndjson');
  const truth = JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as LabelledTruth;
  const lines = (await readFile(messages, 'utf8')).split('\n').filter((line) => line.trim() !== '').length;
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'traces', messages, '--json'], {
    maxBuffer: 2 ** 30,
  });
  const elapsed = performance.now() - started;
  const traces = JSON.parse(stdout) as TraceLine[];
  const found: Found = {
    traces: traces.map(({ events }) => events.map(({ id }) => id)),
    links: traces.flatMap(({ links }) => links),
  };
  const perMillionMs = Math.round((elapsed / Math.max(1, lines)) * 1_000_000);
  return { set: basename(resolve(folder)), ...score(truth, found), lines, perMillionMs };
}

let failed = false;
for (const folder of folders) {
  try {
    process.stdout.write(`${JSON.stringify(await evaluate(folder))}\n`);
  } catch (error) {
    failed = true;
    process.stderr.write(`${folder}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.exit(failed ? 3 : 0);
