import { correlate } from './correlate.ts';
import { find } from './find.ts';
import { ingest } from './ingest.ts';
import { screen } from './screen.ts';
import { ui } from './ui.ts';

/** `npm run bench -- NAME`: what it does goes to standard error; one JSON line to standard output ends it. */
const benches = new Map<string, () => Promise<Record<string, unknown>>>([
  ['correlate', correlate],
  ['find', find],
  ['ingest', ingest],
  ['screen', screen],
  ['ui', ui],
]);

const [name = ''] = process.argv.slice(2);
const bench = benches.get(name);
if (!bench) {
  process.stderr.write(`Say which: npm run bench -- ${[...benches.keys()].join(' | ')}\n`);
  process.exit(2);
}
try {
  const result = await bench();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(3);
}
