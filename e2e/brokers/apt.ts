import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { lastLine, run, type CommandResult } from './command.ts';
import { BrokerError, progress } from './errors.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const MARK = '# Written by Headwater while it installs packages; safe to remove.';
const LOCK_WAIT_SECONDS = 180;

/** Whether packages can be installed without asking anybody: as root on a Debian. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

const BREW_NAMES: Readonly<Record<string, string>> = {
  'openjdk-17-jre-headless': 'openjdk@17',
  'rabbitmq-server': 'rabbitmq',
  'redis-server': 'redis',
};

/** The command that a person would run for these packages. */
export function installCommand(packages: readonly string[], platform = process.platform): string {
  if (platform === 'darwin')
    return `brew install ${packages.map((name) => BREW_NAMES[name] ?? name).join(' ')}`;
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Installs packages without starting the services that they bring; a service that runs already stays as it is. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  progress(`Installing ${packages.join(', ')} with apt-get (a minute or two)…`);
  const removePolicy = forbidServiceStarts();
  try {
    await aptGet('update');
    await aptGet('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    removePolicy();
  }
}

async function aptGet(...args: string[]): Promise<void> {
  const result = await run('apt-get', ['-q', '-o', `DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`, ...args], {
    // RUNLEVEL=1 keeps the older init scripts from starting what they install.
    env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    timeoutMs: 10 * 60_000,
    onProgress: (line) => progress(`  apt-get: ${line}`),
  });
  if (result.code !== 0) throw new BrokerError(aptProblem(args[0] ?? '', result));
}

/** What went wrong with apt-get, in a sentence to act on. */
export function aptProblem(action: string, { output, timedOut }: CommandResult): string {
  if (timedOut) return `apt-get ${action} did not finish within 10 minutes: ${lastLine(output)}`;
  const lock = /Could not get lock [^\n]*/.exec(output)?.[0];
  if (lock) {
    return `apt is locked by another process (${lock.trim()}). Wait until it has finished, then run this again.`;
  }
  const error = /^(?:E|Err):?[^\n]*/m.exec(output)?.[0] ?? lastLine(output);
  if (/unable to locate package/i.test(error)) return `apt-get does not know a package: ${error}`;
  if (/resolve|connect|unreachable|failed to fetch/i.test(error)) {
    return `apt-get ${action} could not reach the package mirror; check the network and /etc/apt. It said: ${error}`;
  }
  return `apt-get ${action} failed: ${error}`;
}

/** Debian asks this script before a package may start its service. One that is there already is left alone. */
function forbidServiceStarts(): () => void {
  if (existsSync(POLICY) && !readFileSync(POLICY, 'utf8').includes(MARK)) return () => {};
  writeFileSync(POLICY, `#!/bin/sh\n${MARK}\nexit 101\n`, { mode: 0o755 });
  const remove = (): void => rmSync(POLICY, { force: true });
  process.once('exit', remove);
  return () => {
    remove();
    process.off('exit', remove);
  };
}
