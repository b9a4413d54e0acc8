import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.ts';

/** The full path of a program, looked for on the PATH and in the given folders besides. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...folders, ...path, '/usr/sbin', '/usr/local/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => isExecutable(file));
}

/**
 * RabbitMQ's own start script. The one on a Debian PATH is a wrapper that insists on the user `rabbitmq`, so
 * the original is preferred.
 */
export function rabbitmqCommand(): string | undefined {
  return findProgram('rabbitmq-server', [
    '/usr/lib/rabbitmq/bin',
    '/opt/homebrew/sbin',
    '/usr/local/opt/rabbitmq/sbin',
  ]);
}

/** Erlang's port mapper, which is not always on the PATH. */
export function epmdCommand(): string {
  return findProgram('epmd', ['/usr/lib/erlang/bin', '/opt/homebrew/bin']) ?? 'epmd';
}

/** A browser that tests can drive. */
export function chromiumCommand(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].map((name) => findProgram(name)).find(Boolean);
}

/** The major version of the Java on the PATH; undefined where there is none. */
export async function javaVersion(): Promise<number | undefined> {
  // On macOS there is always a `java`, which may only say that none is installed.
  const { code, output } = await run('java', ['-version'], { timeoutMs: 20_000 });
  const version = /version "(?:1\.)?(\d+)/.exec(output)?.[1];
  return code === 0 && version !== undefined ? Number(version) : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
