import { InvalidArgumentError, type Command } from 'commander';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import { keyringSecrets } from '../engine/keyring-secrets.ts';
import { serve, type Served } from '../engine/serve.ts';
import type { SecretStore } from '../pipeline/secret-store.ts';
import { defaultDataDir } from '../engine/data-dir.ts';
import { demoInput } from './demo-dir.ts';
import { exitCode, Failure } from './failure.ts';
import { stopAtSignal } from './signals.ts';

/** Used when no --port is given and it is free; a fixed one keeps bookmarks and port-forwards working. */
const usualPort = 7411;

export interface ServeFlags {
  readonly port?: number;
  readonly data?: string;
  readonly allowHost: readonly string[];
  readonly demo?: true;
  readonly seed?: number;
  /** False by `--no-key-store`. */
  readonly keyStore: boolean;
}

export function registerServe(program: Command): void {
  withServeOptions(program.command('serve'))
    .description('serve the engine and its page to a browser on this machine; prints one line with the URL')
    .action(runServe);
}

/** What `serve` takes; `headwater` alone takes it too. */
export function withServeOptions(command: Command): Command {
  return command
    .argument('[file]', 'open a capture (.hwcap) or message lines (.ndjson) in a store of its own')
    .option('--port <n>', `port on 127.0.0.1 (default ${usualPort}, or any free one)`, parsePort)
    .option('--data <dir>', 'data folder', undefined)
    .option('--demo', 'open with the live demo, in a store of its own; no broker is needed')
    .option('--seed <n>', 'what the demo plays: the same seed plays the same orders (default 1)', parseSeed)
    .option(
      '--allow-host <name…>',
      'further host name to answer to',
      (name: string, all: string[]) => [...all, name],
      [],
    )
    .option('--no-key-store', 'hold passwords in memory only, not in the key store of the system');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  }
  return port;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffff_ffff) {
    throw new InvalidArgumentError('A seed is a whole number from 0 to 4294967295.');
  }
  return seed;
}

/** What excludes what, said before anything is opened. */
export function checkFlags(file: string | undefined, { demo, seed, data }: ServeFlags): void {
  let wrong: string | undefined;
  if (demo && file !== undefined) wrong = 'Open either the demo or a file, not both.';
  else if (demo && data !== undefined) {
    wrong = 'The demo has a store of its own, which is gone when it ends: leave out --data.';
  } else if (!demo && seed !== undefined) wrong = '--seed says what the demo plays: it needs --demo.';
  if (wrong !== undefined) throw new Failure(exitCode.calledWrongly, wrong);
}

export async function runServe(file: string | undefined, flags: ServeFlags): Promise<void> {
  checkFlags(file, flags);
  if (file !== undefined && !(await stat(file).catch(() => undefined))?.isFile()) {
    throw new Failure(exitCode.notThere, `There is no file ${file}.`);
  }
  // A file or the demo is looked at beside the live store, never mixed into it.
  const temporary =
    file === undefined && !flags.demo ? undefined : makeTemporaryDir(join(tmpdir(), 'headwater-'));
  const dir = temporary ?? resolve(flags.data ?? defaultDataDir());
  // What a temporary store connects to is nobody's to remember.
  const secrets = flags.keyStore && temporary === undefined ? keyringSecrets() : undefined;
  const served = await start(dir, flags, secrets);
  if (file !== undefined) {
    const { ended } = await served.openFile(basename(file), resolve(file));
    void ended.then((problem) => problem && process.stderr.write(`${problem.message} ${problem.remedy}\n`));
  }
  if (flags.demo) {
    await served.connect(demoInput(flags.seed));
  }
  process.stdout.write(`Headwater is at ${served.url}\n`);
  await new Promise<void>(stopAtSignal);
  process.stderr.write('Disconnecting from brokers and closing the store …\n');
  await served.close();
  if (temporary !== undefined) await removeTemporaryDir(temporary);
}

async function start(dir: string, flags: ServeFlags, secrets: SecretStore | undefined): Promise<Served> {
  const options = {
    dir,
    secrets,
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
