import { InvalidArgumentError, type Command } from 'commander';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import { serve, type Served } from '../engine/serve.ts';
import { defaultDataDir } from './data-dir.ts';
import { exitCode, Failure } from './failure.ts';
import { stopAtSignal } from './signals.ts';

/** Used when no --port is given and it is free; a fixed one keeps bookmarks and port-forwards working. */
const usualPort = 7411;

interface ServeFlags {
  readonly port?: number;
  readonly data?: string;
  readonly allowHost: readonly string[];
}

export function registerServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('serve the engine and its page to a browser on this machine; prints one line with the URL')
    .argument('[file]', 'open a capture (.hwcap) or message lines (.ndjson) in a store of its own')
    .option('--port <n>', `port on 127.0.0.1 (default ${usualPort}, or any free one)`, parsePort)
    .option('--data <dir>', 'data folder', undefined)
    .option(
      '--allow-host <name…>',
      'further host name to answer to',
      (name: string, all: string[]) => [...all, name],
      [],
    )
    .action(runServe);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

async function runServe(file: string | undefined, flags: ServeFlags): Promise<void> {
  if (file !== undefined && !(await stat(file).catch(() => undefined))?.isFile()) {
    throw new Failure(exitCode.notThere, `There is no file ${file}.`);
  }
  // A file is looked at beside the live store, never mixed into it.
  const temporary = file === undefined ? undefined : makeTemporaryDir(join(tmpdir(), 'headwater-'));
  const dir = temporary ?? resolve(flags.data ?? defaultDataDir());
  const served = await start(dir, flags);
  if (file !== undefined) await served.openFile(basename(file), resolve(file));
  process.stdout.write(`Headwater is at ${served.url}\n`);
  await new Promise<void>(stopAtSignal);
  process.stderr.write('Disconnecting from brokers and closing the store …\n');
  await served.close();
  if (temporary !== undefined) await removeTemporaryDir(temporary);
}

async function start(dir: string, flags: ServeFlags): Promise<Served> {
  const options = {
    dir,
    allowHosts: flags.allowHost,
    onWarning: (message: string) => process.stderr.write(`${message}\n`),
  };
  try {
    return await serve({ ...options, port: flags.port ?? usualPort });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (taken && flags.port === undefined) return serve({ ...options, port: 0 });
    if (taken) {
      throw new Failure(
        exitCode.failed,
        `Port ${flags.port} is taken by another program. Choose another with --port.`,
      );
    }
    throw error;
  }
}
