/**
 * Finds out which brokers and tools can be had on this machine, and gets what is missing: packages as root on
 * Debian, containers where a Docker engine answers, and otherwise the command that a person would have to run.
 */
import { canInstall, installCommand, installPackages } from './apt.ts';
import { dockerProblem } from './docker.ts';
import { BrokerError, messageOf, progress } from './errors.ts';
import type { BrokerName } from './handle.ts';
import { fetchKafkaJars, hasKafkaJars } from './kafka-jars.ts';
import { chromiumCommand, findProgram, javaVersion, rabbitmqCommand } from './tools.ts';

/** What tests may need from the machine. */
export type Need = BrokerName | 'chromium' | 'kcat';

/** Whether something can be had, and if not, why, in a sentence. */
export type Availability =
  | { readonly name: Need; readonly available: true; readonly via: 'native' | 'docker' }
  | { readonly name: Need; readonly available: false; readonly reason: string };

/** Everything that a whole test run needs. */
export const ALL_NEEDS: readonly Need[] = ['kafka', 'rabbitmq', 'redis', 'chromium', 'kcat'];

const OLDEST_JAVA = 17;
const BROKERS: ReadonlySet<Need> = new Set(['kafka', 'rabbitmq', 'redis']);

const known = new Map<Need, Availability>();

/**
 * Makes sure that the needs can be met, installing what is missing where that is possible.
 * With CI=true it throws when one cannot be met: there a skipped test would be a silent failure.
 */
export async function ensureBrokers(needs: readonly Need[] = ALL_NEEDS): Promise<Availability[]> {
  const open = needs.filter((need) => !known.get(need)?.available);
  if (open.length > 0) for (const result of await look(open)) known.set(result.name, result);
  const results = needs.map((need) => known.get(need)).filter((result) => result !== undefined);
  const reasons = results.flatMap((result) => (result.available ? [] : [`${result.name}: ${result.reason}`]));
  if (reasons.length > 0 && process.env['CI'] === 'true') {
    throw new BrokerError(`With CI=true everything must be there, and this is not:\n${reasons.join('\n')}`);
  }
  return results;
}

/** How one broker can be run here; throws with the reason where it cannot. */
export async function requireBroker(name: BrokerName): Promise<'native' | 'docker'> {
  const [result] = await ensureBrokers([name]);
  if (result?.available) return result.via;
  throw new BrokerError(`${name} cannot be started: ${result?.reason ?? 'unknown'}`);
}

async function look(needs: readonly Need[]): Promise<Availability[]> {
  const problems = new Map<Need, string>();
  if (process.env['HEADWATER_BROKERS'] === 'docker') {
    for (const need of needs)
      if (BROKERS.has(need)) problems.set(need, 'HEADWATER_BROKERS=docker asks for containers');
  }
  const packages = await missingPackages(needs.filter((need) => !problems.has(need)));
  const wanted = [...new Set([...packages.values()].flat())];
  if (wanted.length > 0 && canInstall()) {
    const problem = await attempt(() => installPackages(wanted));
    for (const need of (await missingPackages([...packages.keys()])).keys()) {
      problems.set(need, problem ?? `its package was installed, and yet it is not found`);
    }
  } else {
    for (const [need, names] of packages)
      problems.set(need, `it is not installed. Run: ${installCommand(names)}`);
  }
  if (needs.includes('kafka') && !problems.has('kafka')) {
    const problem = await attempt(fetchKafkaJars);
    if (problem !== undefined) problems.set('kafka', problem);
  }
  return withDocker(needs, problems);
}

async function withDocker(
  needs: readonly Need[],
  problems: ReadonlyMap<Need, string>,
): Promise<Availability[]> {
  const askDocker = needs.some((need) => problems.has(need) && BROKERS.has(need));
  const docker = askDocker ? await dockerProblem() : undefined;
  return needs.map((name) => {
    const problem = problems.get(name);
    if (problem === undefined) return { name, available: true, via: 'native' };
    if (!BROKERS.has(name)) return { name, available: false, reason: problem };
    if (docker === undefined) return { name, available: true, via: 'docker' };
    return { name, available: false, reason: `${problem} (Docker instead: ${docker}.)` };
  });
}

/** The Debian packages that are missing for each need that is not met. */
async function missingPackages(needs: readonly Need[]): Promise<Map<Need, string[]>> {
  const missing = new Map<Need, string[]>();
  for (const need of needs) {
    const packages = await packagesFor(need);
    if (packages.length > 0) missing.set(need, packages);
  }
  return missing;
}

async function packagesFor(need: Need): Promise<string[]> {
  switch (need) {
    case 'kafka': {
      const java = await javaVersion();
      return [
        ...(java !== undefined && java >= OLDEST_JAVA ? [] : ['openjdk-17-jre-headless']),
        ...(hasKafkaJars() || findProgram('mvn') ? [] : ['maven']),
      ];
    }
    case 'rabbitmq':
      return rabbitmqCommand() ? [] : ['rabbitmq-server'];
    case 'redis':
      return findProgram('redis-server') ? [] : ['redis-server'];
    case 'chromium':
      return chromiumCommand() ? [] : ['chromium'];
    case 'kcat':
      return findProgram('kcat') ? [] : ['kcat'];
  }
}

async function attempt(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    progress(messageOf(thrown));
    return messageOf(thrown);
  }
}
