import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastLine, run } from './command.ts';
import { BrokerError, progress } from './errors.ts';

const VERSION = '4.3.1';
const ROOT = join(import.meta.dirname, '../..');

/** Where Kafka's jars are kept between runs. */
export const KAFKA_LIBS = join(ROOT, `.cache/kafka-${VERSION}`);

/** Whether the jars are there already, in which case Maven is not needed. */
export function hasKafkaJars(): boolean {
  return existsSync(join(KAFKA_LIBS, `kafka_2.13-${VERSION}.jar`));
}

/** Copies Kafka's jars from Maven's repository into the cache, once. */
export async function fetchKafkaJars(): Promise<void> {
  if (hasKafkaJars()) return;
  progress(`Fetching Kafka ${VERSION} with Maven (about 55 MB)…`);
  // Into a folder of this run first: a broken download must not look complete, nor two runs mix.
  const partial = `${KAFKA_LIBS}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const { code, output, timedOut } = await run(
    'mvn',
    [
      '-B',
      '-f',
      join(import.meta.dirname, 'kafka/pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${partial}`,
    ],
    { timeoutMs: 10 * 60_000, onProgress: (line) => progress(`  maven: ${line}`) },
  );
  if (code !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new BrokerError(mavenProblem(output, timedOut));
  }
  if (hasKafkaJars()) rmSync(partial, { recursive: true, force: true });
  else renameSync(partial, KAFKA_LIBS);
}

/** What went wrong with Maven, in a sentence to act on. */
export function mavenProblem(output: string, timedOut: boolean): string {
  const errors = output.split('\n').filter((line) => line.startsWith('[ERROR]'));
  const detail = (errors[0] ?? lastLine(output)).replace('[ERROR] ', '');
  if (timedOut) return `Maven did not finish fetching Kafka ${VERSION} within 10 minutes: ${detail}`;
  if (/offline|could not transfer|unknown host|connection refused|timed? ?out/i.test(output)) {
    return `Maven could not reach its repository to fetch Kafka ${VERSION}; check the network, or set a mirror or proxy in ~/.m2/settings.xml. Maven said: ${detail}`;
  }
  return `Maven could not fetch Kafka ${VERSION}: ${detail}`;
}
