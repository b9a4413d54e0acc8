import type { Command } from 'commander';
import { topology } from '../query/index.ts';
import { withFiles, type Loaded } from './load-file.ts';
import { plain, print, printJson } from './output.ts';
import { addRulesOption, rulesOf, type RulesFlag } from './rules-option.ts';

interface TopologyFlags extends RulesFlag {
  readonly json?: boolean;
}

export function registerTopology(program: Command): void {
  const command = program
    .command('topology')
    .description('participants, channels and edges')
    .argument('<file>', 'capture (.hwcap) or message lines (.ndjson, - for standard input)')
    .option('--json', 'print JSON');
  addRulesOption(command).action(async (file: string, flags: TopologyFlags) => {
    const read = async ({ store }: Loaded): Promise<void> => {
      const found = await topology(store);
      if (flags.json) return printJson(found);
      const names = new Map<string, string>(found.participants.map(({ id, name }) => [id, name]));
      for (const { id, system, kind, name } of found.channels) names.set(id, `${name} (${system} ${kind})`);
      const lines = found.edges.map(({ from, to, kind, events, lag, routingKey }) =>
        plain(
          [
            `${names.get(from)} ${kind} ${names.get(to)}`,
            ...(routingKey === undefined ? [] : [`key ${routingKey}`]),
            ...(events === undefined ? [] : [`${events} events`]),
            ...(lag === undefined ? [] : [`lag ${lag}`]),
          ].join(', '),
        ),
      );
      return print(lines.map((line) => `${line}\n`).join(''));
    };
    await withFiles([file], read, { rules: await rulesOf(flags) });
  });
}
