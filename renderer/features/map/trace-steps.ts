import type { TraceDetailDto } from '../../../app/contract/page.ts';
import { causalOrder } from '../../canvas/causal-order.ts';
import type { TraceStep } from '../../state/map-focus.ts';
import { channelKey } from '../../state/map-model.ts';
import type { MapModel } from '../../state/map-model.ts';
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
  for (const { id, name, kind, system, cluster } of model.nodes.values())
    if (kind === 'participant') participants.set(name, id);
    else if (system !== undefined && cluster !== undefined)
      channels.set(channelKey({ system, cluster, name, kind }), id);
  const between = Map.groupBy(model.edges.values(), ({ from, to }) => pair(from, to));
  const nodes = new Map<string, Steps>();
  const edges = new Map<string, Steps>();
  const touch = (where: Map<string, Steps>, id: string, hop?: number, pending = false): void => {
    const known = where.get(id) ?? { hops: [], pending: false };
    where.set(id, known);
    if (hop !== undefined && !known.hops.includes(hop)) known.hops.push(hop);
    known.pending ||= pending;
  };
  const walk = (from: string, to: string, hop?: number, pending = false): void => {
    for (const { id } of between.get(pair(from, to)) ?? []) touch(edges, id, hop, pending);
  };

  /** From a channel to who consumes it, or a queue that it routes to. */
  const handedOn = (channel: string, to: string, pending: boolean): void => {
    walk(channel, to, undefined, pending);
    for (const edge of model.edges.values()) {
      if (edge.from !== channel || edge.kind !== 'routes' || !between.has(pair(edge.to, to))) continue;
      touch(nodes, edge.to);
      walk(channel, edge.to);
      walk(edge.to, to, undefined, pending);
    }
  };

  const placeOf = new Map<string, { readonly channel: string; readonly producer?: string }>();
  let now: string | undefined;
  for (const [index, event] of causalOrder(events, links).entries()) {
    const channel = channels.get(channelKey(event.channel));
    if (channel === undefined) continue;
    const producer = event.producer && participants.get(event.producer.name);
    placeOf.set(event.id, { channel, producer });
    touch(nodes, channel, index + 1);
    now = channel;
    if (producer === undefined) continue;
    touch(nodes, producer);
    walk(producer, channel, index + 1);
  }
  for (const { from, to } of links) {
    const [cause, effect] = [placeOf.get(from), placeOf.get(to)];
    if (cause && effect?.producer !== undefined) handedOn(cause.channel, effect.producer, false);
  }
  for (const [event, all] of Map.groupBy(deliveries, (delivery) => delivery.event)) {
    const channel = placeOf.get(event)?.channel;
    if (channel === undefined) continue;
    for (const { consumer, status } of standings(all)) {
      const to = participants.get(consumer);
      if (to === undefined) continue;
      const pending = status === 'pending' || status === 'delivered' || status === 'redelivered';
      touch(nodes, to, undefined, pending);
      handedOn(channel, to, pending);
    }
  }
  return { nodes, edges, ...(now !== undefined && { now }) };
}

function pair(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
