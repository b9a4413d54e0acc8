import { ConnectionError } from '../../model/source.ts';
import { kafkaError, translateError } from './errors.ts';
import { openLink, type Access, type Link } from './link.ts';
import { addressText, type Address } from './options.ts';

/** A partition of a topic, by name. */
export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** `topic/partition`, as a key of maps: a topic's name holds no slash. */
export function partitionKey({ topic, partition }: PartitionName): string {
  return `${topic}/${partition}`;
}

function nameOf(key: string): PartitionName {
  const slash = key.lastIndexOf('/');
  return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)) };
}

export interface TopicInfo {
  readonly name: string;
  readonly internal: boolean;
  readonly errorCode: number;
  readonly partitions: readonly { readonly id: number; readonly leader: number }[];
}

/** Which offset to look up: the first that is held, the next to be written, or the first at or after a time (epoch ms). */
export type OffsetAt = 'earliest' | 'latest' | number;

/** A Kafka cluster, without a group: its brokers are asked directly. */
export interface Cluster {
  /** Asks for the topics, all when none are named, and learns brokers and leaders. Never creates a topic. */
  topics(names?: readonly string[]): Promise<readonly TopicInfo[]>;
  /** Ids of the brokers, as last learned. */
  nodes(): readonly number[];
  /** The broker that leads the partition, as last learned. */
  leader(name: PartitionName): number | undefined;
  /** Every partition that has a leader, as last learned. */
  leading(): readonly PartitionName[];
  link(node: number): Promise<Link>;
  /** Closes the connection to a broker that failed; the next `link` opens another. */
  drop(node: number): void;
  /**
   * Offsets by `partitionKey`, one request a broker; partitions that cannot be asked are left out. `committed` ends at
   * the last stable offset. For a time after the last record the result is the end.
   */
  offsets(
    at: OffsetAt,
    names: readonly PartitionName[],
    committed: boolean,
  ): Promise<ReadonlyMap<string, number>>;
  close(): void;
}

interface MetadataResponse {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly isInternal?: boolean;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}

interface ListOffsetsResponse {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly offset: string;
    }[];
  }[];
}

const timestampOf = { earliest: -2, latest: -1 } as const;

/**
 * Opens the cluster behind one bootstrap address and checks that at least one of the brokers can be reached at the
 * address that it advertises.
 * @throws ConnectionError
 */
export async function openCluster(bootstrap: readonly Address[], access: Access): Promise<Cluster> {
  const addresses = new Map<number, Address>();
  const links = new Map<number, Promise<Link>>();
  const leaders = new Map<string, number>();
  let closed = false;

  const link = (node: number): Promise<Link> => {
    const address = addresses.get(node);
    if (closed || !address) {
      return Promise.reject(
        new ConnectionError('lost', `Broker ${node} is not there.`, 'Headwater tries again.'),
      );
    }
    let found = links.get(node);
    if (!found) {
      found = openLink(address, access);
      links.set(node, found);
      found.then(
        (opened) => closed && opened.close(),
        () => links.get(node) === found && links.delete(node),
      );
    }
    return found;
  };

  const drop = (node: number): void => {
    const found = links.get(node);
    links.delete(node);
    found?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  };

  const learn = (metadata: MetadataResponse): void => {
    for (const { nodeId, host, port } of metadata.brokers) {
      const known = addresses.get(nodeId);
      if (known && (known.host !== host || known.port !== port)) drop(nodeId);
      addresses.set(nodeId, { host, port });
    }
    const alive = new Set(metadata.brokers.map((broker) => broker.nodeId));
    for (const node of addresses.keys()) {
      if (alive.has(node)) continue;
      drop(node);
      addresses.delete(node);
    }
    for (const { topic, partitionMetadata } of metadata.topicMetadata) {
      for (const { partitionId, leader } of partitionMetadata)
        leaders.set(partitionKey({ topic, partition: partitionId }), leader);
    }
  };

  /** From any broker that answers: those already connected first, then the others, then the bootstrap addresses. */
  const metadata = async (topics: readonly string[]): Promise<MetadataResponse> => {
    const ask = async (via: Link): Promise<MetadataResponse> =>
      (await via.request('Metadata', { topics, allowAutoTopicCreation: false })) as MetadataResponse;
    const connectedFirst = [...addresses.keys()].toSorted(
      (a, b) => Number(links.has(b)) - Number(links.has(a)),
    );
    let problem: unknown;
    for (const node of connectedFirst) {
      try {
        return await ask(await link(node));
      } catch (thrown) {
        problem ??= thrown;
        drop(node);
      }
    }
    for (const address of bootstrap) {
      if (closed) break;
      if (
        links.size > 0 &&
        [...addresses.values()].some((known) => addressText(known) === addressText(address))
      )
        continue;
      try {
        const opened = await openLink(address, access);
        try {
          return await ask(opened);
        } finally {
          opened.close();
        }
      } catch (thrown) {
        problem ??= thrown;
      }
    }
    throw translateError(problem, bootstrap.map(addressText).join(','));
  };

  const cluster: Cluster = {
    link,
    drop,
    nodes: () => [...addresses.keys()],
    leader: (name) => leaders.get(partitionKey(name)),
    leading: () => [...leaders].flatMap(([key, node]) => (node < 0 ? [] : [nameOf(key)])),
    async topics(names = []) {
      const response = await metadata(names);
      learn(response);
      return response.topicMetadata.map((topic) => ({
        name: topic.topic,
        internal: topic.isInternal === true || topic.topic.startsWith('__'),
        errorCode: topic.topicErrorCode,
        partitions: topic.partitionMetadata.map(({ partitionId, leader }) => ({ id: partitionId, leader })),
      }));
    },
    async offsets(at, names, committed) {
      const found = new Map<string, number>();
      const timestamp = typeof at === 'number' ? Math.floor(at) : timestampOf[at];
      const byLeader = Map.groupBy(names, (name) => cluster.leader(name) ?? -1);
      byLeader.delete(-1);
      await Promise.all(
        [...byLeader].map(async ([node, asked]) => {
          const topics = [...Map.groupBy(asked, (name) => name.topic)].map(([topic, partitions]) => ({
            topic,
            partitions: partitions.map(({ partition }) => ({ partition, timestamp })),
          }));
          const via = await link(node);
          const args = { topics, isolationLevel: committed ? 1 : 0 };
          const { responses } = (await via.request('ListOffsets', args)) as ListOffsetsResponse;
          for (const { topic, partitions } of responses) {
            for (const { partition, errorCode, offset } of partitions)
              if (errorCode === kafkaError.none)
                found.set(partitionKey({ topic, partition }), Number(offset));
          }
        }),
      );
      const beyond = names.filter((name) => found.get(partitionKey(name)) === -1);
      if (typeof at === 'number' && beyond.length > 0) {
        for (const [key, end] of await cluster.offsets('latest', beyond, committed)) found.set(key, end);
      }
      return found;
    },
    close() {
      closed = true;
      for (const node of [...links.keys()]) drop(node);
    },
  };

  try {
    await cluster.topics();
    await reachAny(cluster, addresses, bootstrap);
    return cluster;
  } catch (thrown) {
    cluster.close();
    throw thrown;
  }
}

/** @throws ConnectionError that names the advertised address, when no broker can be reached at its own. */
async function reachAny(
  cluster: Cluster,
  addresses: ReadonlyMap<number, Address>,
  bootstrap: readonly Address[],
): Promise<void> {
  const nodes = cluster.nodes();
  const tries = await Promise.allSettled(nodes.map((node) => cluster.link(node)));
  if (tries.some(({ status }) => status === 'fulfilled')) return;
  const failed = tries.find((one) => one.status === 'rejected');
  const node = nodes[0] ?? -1;
  const address = addresses.get(node);
  const error = translateError(failed?.reason, address ? addressText(address) : 'the broker');
  if (!address || !['unreachable', 'host-not-found', 'timeout'].includes(error.code)) throw error;
  throw new ConnectionError(
    error.code,
    `${bootstrap.map(addressText).join(',')} answers, but sends its clients to ${addressText(address)}, which cannot be reached from here: ${error.message}`,
    `Set advertised.listeners on the broker to an address that this machine can reach, or make ${address.host} known here (hosts file, port forward to the same port).`,
    { cause: error },
  );
}
