import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Channel } from '../../model/message.ts';
import {
  ConnectionError,
  type ChannelInfo,
  type Connector,
  type Source,
  type SourceConfig,
} from '../../model/source.ts';
import { openCluster, partitionKey, type Cluster } from './cluster.ts';
import { kafkaError } from './errors.ts';
import type { Access } from './link.ts';
import { addressText, kafkaOptions, parseKafkaUrl, type KafkaTarget } from './options.ts';
import { probe } from './probe.ts';
import { readPartitions } from './read.ts';
import { lookBack } from './look-back.ts';

/** Times that tests shorten, ms. */
export interface KafkaTuning {
  readonly connectTimeoutMs: number;
  readonly silenceMs: number;
  readonly refreshMs: number;
  readonly groupsMs: number;
}

const defaultTuning: KafkaTuning = {
  connectTimeoutMs: 4_000,
  silenceMs: 8_000,
  refreshMs: 5_000,
  groupsMs: 5_000,
};

/** Reads Kafka without joining a group: nothing is left on the brokers, and no consumer is disturbed. */
export const kafkaConnector: Connector = {
  description: {
    system: 'kafka',
    title: 'Apache Kafka',
    protocols: ['kafka', 'kafka+ssl'],
    example: 'kafka://localhost:9092',
    capabilities: { resumes: true, looksBack: true, history: true },
    options: kafkaOptions,
  },
  open: (config, signal) => openKafka(config, signal),
};

/**
 * Opens a Kafka source; `tuning` is for tests. Gives up at once when the signal aborts.
 * @throws ConnectionError
 */
export async function openKafka(
  config: SourceConfig,
  signal: AbortSignal,
  tuning: Partial<KafkaTuning> = {},
): Promise<Source> {
  signal.throwIfAborted();
  const opening = openSource(config, { ...defaultTuning, ...tuning });
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => (giveUp = () => reject(signal.reason as Error)));
  signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([opening, aborted]);
  } catch (thrown) {
    opening.then(
      (source) => source.close(),
      () => undefined,
    );
    throw thrown;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function openSource(config: SourceConfig, times: KafkaTuning): Promise<Source> {
  const target = parseKafkaUrl(config.url);
  const access = await accessOf(target, config.secret, times);
  const reachable = await probeAll(target, access, times.connectTimeoutMs);
  const cluster = await openCluster(reachable, access);
  const where = target.bootstrap.map(addressText).join(',');
  const channelOf = channelNamer(config.cluster);
  const closing = new AbortController();
  const { now } = config;
  return {
    discover: () => discover(cluster, channelOf),
    sideEffects: async () => [],
    read: (request) =>
      readPartitions(
        { ...request, signal: AbortSignal.any([request.signal, closing.signal]) },
        { cluster, where, channelOf, now, refreshMs: times.refreshMs, groupsMs: times.groupsMs },
      ),
    async *lookBack(request) {
      const signal = AbortSignal.any([request.signal, closing.signal]);
      const own = await openCluster(reachable, access);
      const end = (): void => own.close();
      signal.addEventListener('abort', end);
      try {
        yield* lookBack({ ...request, signal }, { cluster: own, channelOf, now });
      } catch (thrown) {
        if (!signal.aborted) throw thrown;
      } finally {
        signal.removeEventListener('abort', end);
        own.close();
      }
    },
    async close() {
      closing.abort();
      cluster.close();
    },
  };
}

/** One object for each topic, shared by all of its messages. */
function channelNamer(cluster: string): (topic: string) => Channel {
  const channels = new Map<string, Channel>();
  return (name) => {
    let channel = channels.get(name);
    if (!channel) channels.set(name, (channel = { system: 'kafka', cluster, name, kind: 'topic' }));
    return channel;
  };
}

async function discover(
  cluster: Cluster,
  channelOf: (topic: string) => Channel,
): Promise<readonly ChannelInfo[]> {
  const topics = (await cluster.topics()).filter(({ errorCode }) => errorCode === kafkaError.none);
  const names = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ id }) => ({ topic: name, partition: id })),
  );
  const [starts, ends] = await Promise.all([
    cluster.offsets('earliest', names, false),
    cluster.offsets('latest', names, false),
  ]);
  const heldOf = (topic: string, partition: number): number => {
    const key = partitionKey({ topic, partition });
    return (ends.get(key) ?? 0) - (starts.get(key) ?? 0);
  };
  return topics
    .map(({ name, internal, partitions }) => ({
      channel: channelOf(name),
      partitions: partitions.length,
      held: partitions.reduce((sum, { id }) => sum + heldOf(name, id), 0),
      internal,
      means: 'direct reads, without a consumer group',
    }))
    .toSorted(
      (a, b) => Number(a.internal) - Number(b.internal) || a.channel.name.localeCompare(b.channel.name),
    );
}

async function accessOf(
  { tls, username, options }: KafkaTarget,
  secret: string | undefined,
  times: KafkaTuning,
): Promise<Access> {
  const sasl =
    username === undefined ? undefined : { mechanism: options.mechanism, username, password: secret ?? '' };
  return {
    clientId: options.clientId,
    tls: tls ? await tlsOptions(options) : undefined,
    sasl,
    connectTimeoutMs: times.connectTimeoutMs,
    silenceMs: times.silenceMs,
  };
}

async function tlsOptions({ ca, cert, key, insecure }: KafkaTarget['options']): Promise<ConnectionOptions> {
  const [caText, certText, keyText] = await Promise.all([
    readPem('ca', ca),
    readPem('cert', cert),
    readPem('key', key),
  ]);
  return { ca: caText, cert: certText, key: keyText, rejectUnauthorized: insecure !== 'true' };
}

async function readPem(option: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConnectionError(
      'invalid-options',
      `The file ${path}, named by the option ${option}, cannot be read.`,
      'Check the path; it must be readable by your user.',
      { cause },
    );
  }
}

/**
 * The bootstrap addresses that answer as Kafka does and accept the way we authenticate.
 * @throws ConnectionError of the first address when none does.
 */
async function probeAll(target: KafkaTarget, access: Access, timeoutMs: number) {
  const tries = await Promise.allSettled(
    target.bootstrap.map(async (address) => {
      const { mechanisms } = await probe(address, access.tls, access.clientId, timeoutMs);
      checkMechanism(addressText(address), access, mechanisms);
      return address;
    }),
  );
  const reachable = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (reachable.length > 0) return reachable;
  throw tries.find((one) => one.status === 'rejected')?.reason;
}

function checkMechanism(where: string, { sasl }: Access, mechanisms: readonly string[] | undefined): void {
  const offered = mechanisms?.join(', ').toLowerCase();
  if (sasl && !mechanisms)
    throw new ConnectionError(
      'authentication',
      `${where} takes no user and password.`,
      'Leave the user out of the URL, or use the port of the listener that authenticates (SASL).',
    );
  if (!sasl && mechanisms)
    throw new ConnectionError(
      'authentication',
      `${where} wants a user and password (SASL: ${offered}).`,
      `Write user and mechanism into the URL: kafka://user@${where}?mechanism=${mechanisms[0]?.toLowerCase() ?? 'plain'}`,
    );
  if (sasl && mechanisms && !mechanisms.includes(sasl.mechanism.toUpperCase()))
    throw new ConnectionError(
      'authentication',
      `${where} does not accept the mechanism ${sasl.mechanism}; it offers ${offered}.`,
      `Set ?mechanism= to one of: ${offered}.`,
    );
}
