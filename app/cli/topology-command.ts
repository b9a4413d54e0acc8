import type { Command } from 'commander';
import { topology } from '../query/index.ts';
import { withFiles } from './load-file.ts';
import { plain, print, printJson } from './output.ts';

export function registerTopology(program: Command): void {
  program
    .command('topology')
    .description('participants, channels and edges')
    .argument('<file>', 'capture (.hwcap) or message lines (.ndjson, - for standard input)')
    .option('--json', 'print JSON')
    .action((file: string, flags: { readonly json?: boolean }) =>
      withFiles([file], async ({ store }) => {
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
      }),
    );
}
