import type { Subscription } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import type { Alert, SourceItem } from '../../model/source.ts';
import { partitionKey, type Cluster } from './cluster.ts';
import { CommitWatch, type Commit } from './commits.ts';
import { kafkaError } from './errors.ts';
import { committedOffsets, describeGroups, listGroups, type GroupInfo } from './group-requests.ts';
import { pause } from './signals.ts';

export interface GroupsContext {
  readonly cluster: Cluster;
  /** The topics whose consumers are of interest. */
  readonly channels: () => readonly Channel[];
  readonly hand: (items: readonly SourceItem[]) => Promise<void>;
  readonly now: () => number;
  /** Between two rounds, ms; more where a round takes long, so that asking stays a small part of the time. */
  readonly everyMs: number;
}

/** A round may take this part of the time. */
const share = 0.1;
/** Requests to one broker that wait for an answer at the same time. */
const atOnce = 16;

/** Watches who consumes: at once and then every few seconds, topology and what was acknowledged in the meantime. */
export async function watchGroups(context: GroupsContext, signal: AbortSignal): Promise<void> {
  const { now, everyMs } = context;
  const commits = new CommitWatch();
  const told = new Set<string>();
  while (!signal.aborted) {
    const began = now();
    // A broker that fails here fails the fetch loops too, and they know what to do.
    const items = await oneRound(context, commits, told).catch(() => []);
    if (items.length > 0 && !signal.aborted) await context.hand(items);
    await pause(Math.max(everyMs, (now() - began) / share), signal);
  }
}

interface Consumer {
  readonly info: GroupInfo;
  readonly commits: readonly Commit[];
}

async function oneRound(
  context: GroupsContext,
  watch: CommitWatch,
  told: Set<string>,
): Promise<readonly SourceItem[]> {
  const { cluster, now } = context;
  const channels = new Map(context.channels().map((channel) => [channel.name, channel]));
  const names = cluster.leading().filter(({ topic }) => channels.has(topic));
  const [ends, asked] = await Promise.all([
    cluster.offsets('latest', names, false),
    Promise.all(cluster.nodes().map((node) => askBroker(context, node, channels, watch))),
  ]);
  const consumers = asked.flatMap((one) => one.consumers);
  watch.keepOnly(new Set(consumers.map(({ info }) => info.name)));
  const forbidden = asked.some((one) => one.forbidden) && !told.has('forbidden');
  if (forbidden) told.add('forbidden');
  const alert: Alert = {
    kind: 'alert',
    severity: 'warning',
    message:
      'The user may not see some consumer groups: grant DESCRIBE on groups, else who consumed what is not known of them.',
    time: now(),
  };
  return [
    {
      kind: 'topology',
      observedAt: now(),
      channels: [...channels.values()],
      subscriptions: consumers.flatMap((consumer) => subscriptions(consumer, channels, ends)),
      bindings: [],
    },
    ...asked.flatMap((one) => one.facts),
    ...(forbidden ? [alert] : []),
  ];
}

interface Asked {
  readonly consumers: readonly Consumer[];
  readonly facts: readonly SourceItem[];
  readonly forbidden: boolean;
}

/** A broker lists the groups that it coordinates, so it is also the one to ask about them. */
async function askBroker(
  { cluster, now }: GroupsContext,
  node: number,
  channels: ReadonlyMap<string, Channel>,
  watch: CommitWatch,
): Promise<Asked> {
  const link = await cluster.link(node);
  const listed = await listGroups(link);
  const infos = listed.names.length > 0 ? await describeGroups(link, listed.names) : [];
  const consumers: Consumer[] = [];
  const facts: SourceItem[] = [];
  let forbidden = isForbidden(listed.errorCode);
  const waiting = [...infos];
  const worker = async (): Promise<void> => {
    for (let info = waiting.shift(); info; info = waiting.shift()) {
      const sent = now();
      const { errorCode, commits } = await committedOffsets(link, info.name);
      if (isForbidden(errorCode) || isForbidden(info.errorCode)) forbidden = true;
      if (errorCode !== kafkaError.none) continue;
      const seen = commits.flatMap(({ topic, partition, offset }): Commit[] => {
        const channel = channels.get(topic);
        return channel ? [{ channel, partition, offset }] : [];
      });
      facts.push(...watch.see(info.name, seen, { sent, answered: now() }));
      consumers.push({ info, commits: seen });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, infos.length) }, worker));
  return { consumers, facts, forbidden };
}

function isForbidden(errorCode: number): boolean {
  return errorCode === kafkaError.groupAuthorization || errorCode === kafkaError.clusterAuthorization;
}

/** One subscription for each topic that the group has committed on, or that its members were given. */
function subscriptions(
  { info, commits }: Consumer,
  channels: ReadonlyMap<string, Channel>,
  ends: ReadonlyMap<string, number>,
): readonly Subscription[] {
  const committed = Map.groupBy(commits, ({ channel }) => channel.name);
  const topics = new Set([...committed.keys(), ...info.assigned.map(({ topic }) => topic)]);
  return [...topics].flatMap((topic): Subscription[] => {
    const channel = channels.get(topic);
    if (!channel) return [];
    const known = committed.get(topic) ?? [];
    const lag = known.reduce((sum, { partition, offset }) => {
      const end = ends.get(partitionKey({ topic, partition }));
      return sum + Math.max(0, (end ?? offset) - offset);
    }, 0);
    const detail = [describe(info), uncommitted(topic, known, ends)].filter(Boolean).join(', ');
    return [
      { kind: 'subscription', channel, consumer: info.name, lag: known.length > 0 ? lag : undefined, detail },
    ];
  });
}

/** Partitions with records of which the group has committed nothing: they are not counted in its lag. */
function uncommitted(topic: string, known: readonly Commit[], ends: ReadonlyMap<string, number>): string {
  if (known.length === 0) return 'nothing committed yet';
  const committed = new Set(known.map(({ partition }) => partitionKey({ topic, partition })));
  const open = [...ends].filter(
    ([key, end]) => end > 0 && key.startsWith(`${topic}/`) && !committed.has(key),
  ).length;
  return open === 0 ? '' : `nothing committed on ${open} partition${open === 1 ? '' : 's'} that hold records`;
}

/** Groups of the newer protocol (KIP-848) show as dead, without members, to clients that know only the older one. */
function describe({ state, members }: GroupInfo): string {
  if (state === 'Dead') return 'group of the newer protocol, its members are not visible';
  return `${state || 'unknown'}, ${members} member${members === 1 ? '' : 's'}`;
}
