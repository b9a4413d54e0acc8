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

/** What is about to be installed and what for, and how to do it oneself instead. */
export function installNotice(missing: ReadonlyMap<string, readonly string[]>): string {
  const wanted = [...new Set([...missing.values()].flat())];
  return [
    ...[...missing].map(
      ([need, names]) => `${need} needs ${names.join(' and ')}, not found on this machine.`,
    ),
    'You are root on a Debian, so apt-get installs them now (a minute or two); no service is started.',
    `To do it yourself instead, press Ctrl-C and run: ${installCommand(wanted)}`,
  ].join('\n');
}

/** Installs packages without starting the services that they bring; a service that runs already stays as it is. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const removePolicy = forbidServiceStarts();
  try {
    await aptGet('update');
    await aptGet('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    removePolicy();
  }
}

/** Why packages are missing after they were to be installed, and what to do. */
export function notInstalled(packages: readonly string[], problem: string | undefined): string {
  if (problem !== undefined) {
    return `${problem} Then run this again, or install by hand: ${installCommand(packages)}`;
  }
  return (
    `apt-get installed ${packages.join(' and ')}, and yet the program is not on the PATH. ` +
    `See where it is with: dpkg -L ${packages.join(' ')}. Put its folder on the PATH and run this again.`
  );
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
