import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { make, setNames } from './catalogue.ts';

/** `node e2e/eval/sets/make.ts [--seed N] [--flows N] [-o DIR] [NAME…]` writes labelled sets; see README.md. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    flows: { type: 'string' },
    output: { type: 'string', short: 'o', default: join(import.meta.dirname, '../labelled') },
  },
});

for (const name of positionals.length > 0 ? positionals : setNames) {
  const { lines, truth } = make(name, Number(values.seed), values.flows ? Number(values.flows) : undefined);
  const folder = join(values.output, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'messages.ndjson'), `${lines.join('\n')}\n`);
  const traces = truth.traces.map((trace) => JSON.stringify(trace)).join(',\n');
  const links = truth.links.map((link) => JSON.stringify(link)).join(',\n');
  await writeFile(join(folder, 'truth.json'), `{"traces":[\n${traces}\n],\n"links":[\n${links}\n]}\n`);
  process.stderr.write(
    `${name}: ${lines.length} lines, ${truth.traces.length} traces, ${truth.links.length} links\n`,
  );
}
