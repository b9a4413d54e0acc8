import type { TraceDetailDto } from '../../../app/contract/page.ts';
import { causalOrder } from '../../canvas/causal-order.ts';
import type { TraceStep } from '../../state/map-focus.ts';
import { channelKey, nodeKey } from '../../state/map-model.ts';
import type { MapEdge, MapModel } from '../../state/map-model.ts';
import { standings } from '../../widgets/deliveries.ts';

export interface TraceOnMap {
  readonly nodes: ReadonlyMap<string, TraceStep>;
  readonly edges: ReadonlyMap<string, TraceStep>;
  readonly now?: string;
}

interface Steps {
  hops: number[];
  pending: boolean;
}

/**
 * Where a trace went on the map: each event is a hop, numbered in causal order, from its publisher to its channel; each
 * delivery leads on to its consumer. Edges that the map does not know are not made up.
 */
export function traceSteps(
  { events, links, deliveries }: Pick<TraceDetailDto, 'events' | 'links' | 'deliveries'>,
  model: MapModel,
): TraceOnMap {
  const channels = new Map<string, string>();
  const participants = new Map<string, string>();
  for (const node of model.nodes.values()) {
    const key = nodeKey(node);
    if (key === undefined) participants.set(node.name, node.id);
    else channels.set(key, node.id);
  }
  const outOf = Map.groupBy(model.edges.values(), ({ from }) => from);
  const nodes = new Map<string, Steps>();
  const edges = new Map<string, Steps>();
  const touch = (where: Map<string, Steps>, id: string, hop?: number, pending = false): void => {
    const known = where.get(id) ?? { hops: [], pending: false };
    where.set(id, known);
    if (hop !== undefined && !known.hops.includes(hop)) known.hops.push(hop);
    known.pending ||= pending;
  };
  /** Lights the way between two nodes up; its last edge carries the number. */
  const walk = (from: string, to: string, hop?: number, pending = false): void => {
    const path = wayBetween(outOf, from, to);
    for (const [index, edge] of path.entries()) {
      const last = index === path.length - 1;
      touch(edges, edge.id, last ? hop : undefined, last && pending);
      if (!last) touch(nodes, edge.to);
    }
  };

  const placeOf = new Map<string, { channel: string; producer?: string; hop: number }>();
  let now: string | undefined;
  for (const [index, event] of causalOrder(events, links).entries()) {
    const channel = channels.get(channelKey(event.channel));
    if (channel === undefined) continue;
    const producer = event.producer && participants.get(event.producer.name);
    placeOf.set(event.id, { channel, producer, hop: index + 1 });
    touch(nodes, channel, index + 1);
    now = channel;
    if (producer === undefined) continue;
    touch(nodes, producer);
    walk(producer, channel, index + 1);
  }
  for (const { from, to } of links) {
    const [cause, effect] = [placeOf.get(from), placeOf.get(to)];
    if (!cause || !effect) continue;
    // What the broker moved by itself, a dead letter, goes from channel to channel.
    if (effect.producer === undefined) walk(cause.channel, effect.channel, effect.hop);
    else walk(cause.channel, effect.producer);
  }
  for (const [event, all] of Map.groupBy(deliveries, (delivery) => delivery.event)) {
    const channel = placeOf.get(event)?.channel;
    if (channel === undefined) continue;
    for (const { consumer, status } of standings(all)) {
      const to = participants.get(consumer);
      if (to === undefined) continue;
      // Of what was handed out, many brokers never say what became of it.
      const pending = status === 'pending';
      touch(nodes, to, undefined, pending);
      walk(channel, to, undefined, pending);
    }
  }
  return { nodes, edges, ...(now !== undefined && { now }) };
}

/** Queues and exchanges that an event may pass between two nodes. */
const passed = 4;

/** The shortest way along the edges of the map: other channels may lie on it, other participants may not. */
function wayBetween(
  outOf: ReadonlyMap<string, readonly MapEdge[]>,
  from: string,
  to: string,
): readonly MapEdge[] {
  let ways: MapEdge[][] = [[]];
  const seen = new Set([from]);
  for (let length = 0; length < passed && ways.length > 0; length++) {
    const next: MapEdge[][] = [];
    for (const way of ways)
      for (const edge of outOf.get(way.at(-1)?.to ?? from) ?? []) {
        if (edge.to === to) return [...way, edge];
        if (seen.has(edge.to) || edge.kind === 'publishes' || edge.kind === 'consumes') continue;
        seen.add(edge.to);
        next.push([...way, edge]);
      }
    ways = next;
  }
  return [];
}
