import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { parseQuery } from '../language/parse-query.ts';
import { getTraces, listTraces } from '../query/index.ts';
import { exitCode, Failure } from './failure.ts';
import type { Loaded } from './load-file.ts';
import { withFiles } from './load-file.ts';
import { duration, fit, plain, print, printJsonArray, say } from './output.ts';
import { addRulesOption, rulesOf, type RulesFlag } from './rules-option.ts';
import { fileStatus, iso, traceJson } from './trace-json.ts';

interface TracesFlags extends RulesFlag {
  readonly json?: boolean;
  readonly limit?: number;
  readonly query: string;
}

type Page = Awaited<ReturnType<typeof getTraces>>;

const pageTraces = 500;

export function registerTraces(program: Command): void {
  const command = program
    .command('traces')
    .description('the traces of a file, newest first')
    .argument('<file>', 'capture (.hwcap) or message lines (.ndjson, - for standard input)')
    .option('--json', 'print JSON')
    .option('--limit <n>', 'so many at most', parseLimit)
    .option(
      '--query <search>',
      'only those that match, as in the search box: orderId=12345 status:failed',
      '',
    );
  addRulesOption(command).action(async (file: string, flags: TracesFlags) => {
    mustMean(flags.query);
    const read = async (loaded: Loaded): Promise<void> => {
      const pages = readTraces(loaded, flags);
      if (flags.json) await printJsonArray(mapPages(pages, (detail) => traceJson(detail, loaded.now)));
      else await printTable(pages, loaded.now);
    };
    await withFiles([file], read, { rules: await rulesOf(flags) });
  });
}

/** The page searches for the rest and says so; a script would take what it gets for what it asked for. */
function mustMean(query: string): void {
  const { notes, mistaken } = parseQuery(query);
  if (mistaken) throw new Failure(exitCode.calledWrongly, notes.join('\n'));
}

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A limit is a whole number, 0 or more.');
  return Number(text);
}

async function* readTraces(
  { store, now }: Loaded,
  { limit = Infinity, query }: TracesFlags,
): AsyncIterable<Page> {
  const latest = Math.max(0, ...now.values());
  for (let offset = 0; offset < limit; offset += pageTraces) {
    const page = { query, limit: Math.min(pageTraces, limit - offset), offset };
    const { rows, total, notes } = await listTraces(store, page, latest);
    if (offset === 0) notes.forEach(say);
    const ids = rows.map(({ id }) => id);
    yield await getTraces(store, ids, latest);
    if (rows.length === 0 || offset + rows.length >= total) return;
  }
}

async function* mapPages<A, B>(pages: AsyncIterable<readonly A[]>, map: (item: A) => B): AsyncIterable<B[]> {
  for await (const page of pages) yield page.map(map);
}

async function printTable(pages: AsyncIterable<Page>, now: ReadonlyMap<string, number>): Promise<void> {
  let shown = 0;
  for await (const page of pages) {
    const lines = page.map((detail) => {
      const { trace } = detail;
      const [key] = trace.keys;
      return [
        fit(plain(key ? `${key.name}=${key.value}` : (trace.name ?? trace.id)), 32),
        fit(fileStatus(detail, now), 8),
        iso(trace.start),
        duration(trace.end - trace.start).padStart(7),
        `${trace.events} events`.padStart(10),
        trace.systems.join(' '),
      ].join(' ');
    });
    shown += page.length;
    if (lines.length > 0) await print(`${lines.join('\n')}\n`);
  }
  if (shown === 0) say('There are no traces.');
}
