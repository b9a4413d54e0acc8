import type { Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { channelId } from './channel-id.ts';

/** Who consumes what is published to a channel, directly or through what the broker routes it to. */
export type Consumers = (channel: Channel) => ReadonlySet<string>;

/** Indexes the consumers of every channel. Dead-letter routes are left out: they carry what nobody consumed. */
export function consumersByChannel(topologies: Iterable<Topology>): Consumers {
  const direct = new Map<string, Set<string>>();
  const routes = new Map<string, Set<string>>();
  const add = (index: Map<string, Set<string>>, from: string, to: string): void => {
    const known = index.get(from);
    if (known) known.add(to);
    else index.set(from, new Set([to]));
  };
  for (const { subscriptions, bindings } of topologies) {
    for (const { channel, consumer } of subscriptions) add(direct, channelId(channel), consumer);
    for (const { channel, to, toKind, deadLetter } of bindings) {
      if (!deadLetter) add(routes, channelId(channel), channelId({ ...channel, name: to, kind: toKind }));
    }
  }
  return (channel) => {
    const reached = new Set([channelId(channel)]);
    // A set that grows while it is walked visits what is added, each once: cycles of exchanges end.
    for (const id of reached) for (const next of routes.get(id) ?? []) reached.add(next);
    return new Set([...reached].flatMap((id) => [...(direct.get(id) ?? [])]));
  };
}
