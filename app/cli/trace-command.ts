import { Option } from 'commander';
import type { Command } from 'commander';
import type { TraceDetailDto } from '../contract/page.ts';
import { getTrace } from '../query/index.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { exitCode, Failure } from './failure.ts';
import { withFiles, type Loaded } from './load-file.ts';
import { plain, print, printJson, say } from './output.ts';
import { addRulesOption, rulesOf, type RulesFlag } from './rules-option.ts';
import { traceDetailJson } from './trace-json.ts';
import { traceMermaid } from './trace-mermaid.ts';
import { traceText } from './trace-text.ts';

interface TraceFlags extends RulesFlag {
  readonly key?: string;
  readonly id?: string;
  readonly format: 'text' | 'json' | 'mermaid';
  readonly json?: boolean;
}

export function registerTrace(program: Command): void {
  const command = program
    .command('trace')
    .description('one trace: its events in causal order, with links and deliveries')
    .argument('<file>', 'capture (.hwcap) or message lines (.ndjson, - for standard input)')
    .option('--key <name=value>', 'the newest trace with this key, such as orderId=12345 or only 12345')
    .option('--id <trace>', 'the trace with this id, or the one that holds the event with this id')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['text', 'json', 'mermaid']).default('text'),
    )
    .option('--json', 'the same as --format json');
  addRulesOption(command).action(async (file: string, flags: TraceFlags) => {
    if ((flags.key === undefined) === (flags.id === undefined)) {
      command.error('error: say which trace: either --key name=value or --id trace');
    }
    const read = async (loaded: Loaded): Promise<void> => {
      const { store, now } = loaded;
      const detail = await find(loaded, flags);
      if (!detail) {
        const asked = plain(flags.key ?? flags.id ?? '');
        throw new Failure(
          exitCode.notThere,
          `${file} holds no trace ${flags.key ? `with ${asked}` : asked}.`,
        );
      }
      const format = flags.json ? 'json' : flags.format;
      if (format === 'json') await printJson(traceDetailJson(detail, now));
      else if (format === 'mermaid') await print(traceMermaid(detail));
      else {
        const marks = await store.coverage();
        await print(
          traceText(
            detail,
            now,
            marks.map(({ coverage }) => coverage),
          ),
        );
      }
    };
    await withFiles([file], read, { rules: await rulesOf(flags) });
  });
}

async function find(loaded: Loaded, flags: TraceFlags): Promise<TraceDetailDto | undefined> {
  const { store, clockOffsets } = loaded;
  const now = Math.max(0, ...loaded.now.values());
  const id = flags.key === undefined ? flags.id : await findByKey(store, flags.key, now);
  if (id === undefined) return undefined;
  const found = await getTrace(store, id, now, clockOffsets);
  if (found || flags.key !== undefined) return found;
  const trace = (await store.event(id))?.traces[0];
  return trace && getTrace(store, trace.id, now, clockOffsets);
}

/** `name=value`, or a value under any name; a value may hold = itself. */
async function findByKey(store: TraceStore, key: string, now: number): Promise<string | undefined> {
  const split = key.indexOf('=');
  const named = split > 0 ? [{ name: key.slice(0, split), value: key.slice(split + 1) }] : [];
  for (const wanted of [...named, { value: key }]) {
    const { rows, total } = await store.listTraces({ keys: [wanted], now }, 10, 0);
    const [newest, ...others] = rows;
    if (!newest) continue;
    if (total > 1) {
      const more = others.map((trace) => trace.id).join(' ');
      say(`${total} traces carry ${plain(key)}; this is the newest. Others by --id: ${plain(more)}`);
    }
    return newest.id;
  }
  return undefined;
}
