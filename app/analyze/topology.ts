import type { Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { namesakeOf, participantName } from '../model/participant-name.ts';
import { channelId } from './channel-id.ts';

/** How many events were seen on a channel, of one producer where events name theirs. */
export interface SeenOnChannel {
  readonly channel: Channel;
  readonly producer?: string;
  readonly events: number;
  /** Time of the last one, epoch ms. */
  readonly last: number;
}

/** How many deliveries of a channel's events to a consumer are known. */
export interface SeenDelivered {
  readonly channel: Channel;
  readonly consumer: string;
  readonly deliveries: number;
}

export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly role: 'producer' | 'consumer' | 'both';
}

export interface TopologyChannel extends Channel {
  readonly id: string;
  readonly events: number;
  readonly last?: number;
}

/** From a participant to a channel (publishes), from a channel to a participant (consumes), or between channels. */
export interface TopologyEdge {
  /** The same as long as the edge is there. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'publishes' | 'consumes' | 'routes' | 'dead-letters';
  readonly events?: number;
  readonly lag?: number;
  readonly routingKey?: string;
  /** How it is known, in plain words. */
  readonly evidence: string;
}

export interface SystemTopology {
  readonly participants: readonly Participant[];
  readonly channels: readonly TopologyChannel[];
  readonly edges: readonly TopologyEdge[];
}

/**
 * Draws together what events, brokers and deliveries say of who is connected to what. Pure; ordered by id, so that
 * equal input gives equal output.
 */
export function buildTopology(
  seen: readonly SeenOnChannel[],
  topologies: Iterable<Topology>,
  delivered: readonly SeenDelivered[] = [],
): SystemTopology {
  const channels = new Map<string, TopologyChannel>();
  const roles = new Map<string, Participant['role']>();
  const edges = new Map<string, TopologyEdge>();

  const channel = (found: Channel, events = 0, last = -Infinity): string => {
    const id = channelId(found);
    const { system, cluster, name, kind } = found;
    const known = channels.get(id);
    const latest = Math.max(last, known?.last ?? -Infinity);
    channels.set(id, {
      ...{ id, system, cluster, name, kind, events: events + (known?.events ?? 0) },
      ...(latest > -Infinity && { last: latest }),
    });
    return id;
  };
  const participant = (name: string, role: 'producer' | 'consumer'): string => {
    const known = roles.get(name);
    roles.set(name, known === undefined || known === role ? role : 'both');
    return participantId(name);
  };
  const edge = (next: Omit<TopologyEdge, 'id'>): void => {
    const id = edgeId(next);
    const known = edges.get(id);
    edges.set(id, {
      id,
      ...next,
      ...known,
      ...sum('events', known?.events, next.events),
      ...sum('lag', known?.lag, next.lag),
    });
  };

  /** Who publishes to a channel whose events name nobody: the participant after which it is named, if one is. */
  function addNamesakes(): void {
    const named = Map.groupBy(roles.keys(), participantName);
    const consumersOf = new Map<string, string[]>();
    const hasProducer = new Set<string>();
    for (const { kind, from, to } of edges.values()) {
      if (kind === 'publishes') hasProducer.add(to);
      if (kind !== 'consumes') continue;
      const consumer = participantName(to.slice(participantId('').length));
      consumersOf.set(from, [...(consumersOf.get(from) ?? []), consumer]);
    }
    for (const { id, name, events } of channels.values()) {
      if (events === 0 || hasProducer.has(id)) continue;
      const found = namesakeOf(name, named.keys(), consumersOf.get(id) ?? []);
      const [called] = (found !== undefined && named.get(found)) || [];
      if (called === undefined) continue;
      edge({
        from: participant(called, 'producer'),
        to: id,
        kind: 'publishes',
        events,
        evidence: namedAfter,
      });
    }
  }

  for (const { channel: on, producer, events, last } of seen) {
    const to = channel(on, events, last);
    if (producer === undefined) continue;
    edge({
      from: participant(producer, 'producer'),
      to,
      kind: 'publishes',
      events,
      evidence: 'events name it',
    });
  }
  for (const topology of topologies) {
    for (const known of topology.channels) channel(known);
    for (const { channel: on, consumer, lag } of topology.subscriptions) {
      const to = participant(consumer, 'consumer');
      edge({
        from: channel(on),
        to,
        kind: 'consumes',
        ...(lag !== undefined && { lag }),
        evidence: 'subscription',
      });
    }
    for (const { channel: on, to, toKind, routingKey, deadLetter } of topology.bindings) {
      edge({
        from: channel(on),
        to: channel({ ...on, name: to, kind: toKind }),
        kind: deadLetter ? 'dead-letters' : 'routes',
        ...(routingKey !== undefined && routingKey !== '' && { routingKey }),
        evidence: deadLetter ? 'dead-letter setting' : 'binding',
      });
    }
  }
  for (const { channel: on, consumer, deliveries } of delivered) {
    const to = participant(consumer, 'consumer');
    edge({ from: channel(on), to, kind: 'consumes', events: deliveries, evidence: 'deliveries' });
  }
  addNamesakes();
  return {
    participants: [...roles]
      .map(([name, role]) => ({ id: participantId(name), name, role }))
      .sort(by((p) => p.id)),
    channels: [...channels.values()].sort(by((c) => c.id)),
    edges: [...edges.values()].sort(by((e) => e.id)),
  };
}

/** An edge that is only thought to be there says so by its evidence. */
export const namedAfter = 'named after it, inferred';

export const participantId = (name: string): string => `participant/${name}`;

function edgeId({ from, to, kind, routingKey = '' }: Omit<TopologyEdge, 'id'>): string {
  const parts = [from, to, kind, ...(routingKey === '' ? [] : [routingKey])];
  return parts.map((part) => part.replaceAll(/[% ]/g, escape)).join(' ');
}

const escape = (character: string): string => (character === '%' ? '%25' : '%20');

function sum(name: 'events' | 'lag', a: number | undefined, b: number | undefined): Partial<TopologyEdge> {
  return a === undefined && b === undefined ? {} : { [name]: (a ?? 0) + (b ?? 0) };
}

function by<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
