import type { Redis } from 'ioredis';
import type { Subscription, Topology } from '../../model/delivery.ts';
import type { SourceItem } from '../../model/source.ts';
import { isOwnChannel, pubsubChannel, streamChannel } from './choice.ts';
import { ConnectionError } from '../../model/source.ts';
import { compareGroup, type GroupMemory } from './groups.ts';
import { activeChannels, groupsOf, groupState, scanStreams, streamInfo, type GroupInfo } from './inspect.ts';
import type { RedisSettings } from './options.ts';
import type { PubsubReader } from './pubsub-reader.ts';
import { compareIds } from './stream-id.ts';
import type { StreamReader } from './stream-reader.ts';

export interface WatchDeps {
  readonly commands: Redis;
  readonly settings: RedisSettings;
  readonly cluster: string;
  /** Whether streams that appear are to be read too. */
  readonly allStreams: boolean;
  readonly streams: StreamReader | undefined;
  readonly pubsub: PubsubReader | undefined;
  readonly put: (item: SourceItem) => void;
  /** Tells a problem once. */
  readonly alert: (error: ConnectionError) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const topologyEveryMs = 5_000;
/** Looking for new streams goes over all keys: it may take this part of the time, at most. */
const scanShare = 0.05;

/** Looks at streams, groups and pub/sub channels; each call is one look. @throws ConnectionError when the connection is lost */
export function createWatch(deps: WatchDeps): () => Promise<void> {
  const { commands, settings, cluster, streams, pubsub, put, now, signal } = deps;
  const memories = new Map<string, GroupMemory>();
  let scanDue = 0;
  let topologyAt = 0;

  /** What a user without the right for it cannot have is told once and left out. */
  async function allowed<T>(work: () => Promise<T>, instead: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.code !== 'authorization') throw error;
      deps.alert(error);
      return instead;
    }
  }

  async function findStreams(reader: StreamReader): Promise<void> {
    const started = now();
    if (!deps.allStreams || started < scanDue) return;
    const names = await allowed(() => scanStreams(commands, settings, signal), []);
    scanDue = now() + (now() - started) / scanShare;
    for (const name of names) if (!signal.aborted) await reader.add(name, true);
  }

  async function lookAtGroups(reader: StreamReader, name: string): Promise<readonly GroupInfo[]> {
    const groups = await groupsOf(commands, settings, name);
    const recent = reader.recent(name);
    const channel = streamChannel(cluster, name);
    let settled: string | undefined;
    for (const info of groups) {
      const state = await groupState(commands, settings, name, info, now);
      if (!state || !recent) continue;
      const key = `${name}\0${info.name}`;
      const { memory, deliveries } = compareGroup(memories.get(key), state, channel, recent);
      memories.set(key, memory);
      deliveries.forEach(put);
      settled = settled !== undefined && compareIds(settled, memory.settled) < 0 ? settled : memory.settled;
    }
    // What every group is past needs no name any more; without groups, nothing does.
    recent?.forget(settled ?? recent.position);
    return groups;
  }

  async function look(): Promise<void> {
    const subscriptions: Subscription[] = [];
    if (streams) {
      await findStreams(streams);
      for (const name of streams.names) {
        if (signal.aborted) return;
        const info = await allowed(() => streamInfo(commands, settings, name), undefined);
        if (info) streams.compare(name, info);
        const groups = await allowed(() => lookAtGroups(streams, name), []);
        subscriptions.push(...groups.map((group) => toSubscription(cluster, name, group)));
      }
    }
    const active = await allowed(() => activeChannels(commands, settings), []);
    const channels = active.filter((name) => !isOwnChannel(name));
    if (signal.aborted) return;
    if (now() - topologyAt < topologyEveryMs) return;
    topologyAt = now();
    put(toTopology(cluster, streams?.names ?? [], channels, subscriptions, now()));
    if (pubsub) channels.forEach((name) => pubsub.listenTo(name));
  }
  return look;
}

function toSubscription(cluster: string, stream: string, group: GroupInfo): Subscription {
  const members = group.members === 1 ? '1 consumer' : `${group.members} consumers`;
  return {
    kind: 'subscription',
    channel: streamChannel(cluster, stream),
    consumer: group.name,
    lag: group.lag === undefined ? undefined : group.lag + group.pending,
    detail: `${members}, pending ${group.pending}, at ${group.lastDelivered}`,
  };
}

function toTopology(
  cluster: string,
  streams: readonly string[],
  channels: readonly string[],
  subscriptions: readonly Subscription[],
  observedAt: number,
): Topology {
  return {
    kind: 'topology',
    observedAt,
    channels: [
      ...streams.map((name) => streamChannel(cluster, name)),
      ...channels.map((name) => pubsubChannel(cluster, name)),
    ],
    subscriptions,
    bindings: [],
  };
}
