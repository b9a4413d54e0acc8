import type { Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { channelId } from './channel-id.ts';

/** Who consumes what is published to a channel, directly or through what the broker routes it to. */
export type Consumers = (channel: Channel) => ReadonlySet<string>;

/** The ids of a channel and of all that the broker routes its events to. */
export type Reach = (channel: Channel) => ReadonlySet<string>;

/** Indexes the consumers of every channel. Dead-letter routes are left out: they carry what nobody consumed. */
export function consumersByChannel(topologies: Iterable<Topology>): Consumers {
  const all = [...topologies];
  const direct = new Map<string, Set<string>>();
  for (const { subscriptions } of all) {
    for (const { channel, consumer } of subscriptions) add(direct, channelId(channel), consumer);
  }
  const reach = reachOf(all);
  return (channel) => new Set([...reach(channel)].flatMap((id) => [...(direct.get(id) ?? [])]));
}

/** Indexes what is routed where. Dead-letter routes are left out. */
export function reachOf(topologies: Iterable<Topology>): Reach {
  const routes = new Map<string, Set<string>>();
  for (const { bindings } of topologies) {
    for (const { channel, to, toKind, deadLetter } of bindings) {
      if (!deadLetter) add(routes, channelId(channel), channelId({ ...channel, name: to, kind: toKind }));
    }
  }
  return (channel) => {
    const reached = new Set([channelId(channel)]);
    // A set that grows while it is walked visits what is added, each once: cycles of exchanges end.
    for (const id of reached) for (const next of routes.get(id) ?? []) reached.add(next);
    return reached;
  };
}

function add(index: Map<string, Set<string>>, from: string, to: string): void {
  const known = index.get(from);
  if (known) known.add(to);
  else index.set(from, new Set([to]));
}
