import type { DeliveryDto, EventHeadDto, LinkDto, TraceDetailDto } from '../../app/contract/page.ts';
import { causalOrder } from './causal-order.ts';

/** What one node of the canvas stands for: one event, or many alike where there are too many to show each. */
export interface FlowNode {
  readonly id: string;
  /** Lane it lies in. */
  readonly lane: string;
  /** The events, first one first; more than one only in a collapsed graph. */
  readonly events: readonly [EventHeadDto, ...EventHeadDto[]];
  /** Of the first event, epoch ms. */
  readonly time: number;
  readonly deliveries: readonly DeliveryDto[];
}

export interface FlowLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Certain, from explicit evidence. */
  readonly proven: boolean;
  /** The reader said so. */
  readonly yours: boolean;
  readonly links: readonly [LinkDto, ...LinkDto[]];
}

/** A swim lane: a participant, or the unknown publisher of a channel. */
export interface Lane {
  readonly id: string;
  readonly title: string;
  /** Under the title: the channel of an unknown publisher, or that the name is inferred. */
  readonly note?: string;
}

export interface FlowGraph {
  /** In causal order. */
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
  /** In order of first appearance. */
  readonly lanes: readonly Lane[];
  /** True where nodes stand for many events. */
  readonly collapsed: boolean;
  /** Nodes beyond the limit that are not shown even so. */
  readonly hidden: number;
}

/** Beyond this many events, those of one lane, channel and type become one node. */
const nodeLimit = 300;

/** The lane of an event: its producer's, or the unknown publisher of its channel. */
function laneOf(event: EventHeadDto): Lane {
  if (event.producer) {
    const { name, inferred } = event.producer;
    return { id: `producer ${name}`, title: name, ...(inferred ? { note: 'inferred' } : {}) };
  }
  const { system, cluster, name } = event.channel;
  return { id: `channel ${system}/${cluster}/${name}`, title: 'unknown publisher', note: `on ${name}` };
}

/** The key of a link, as selection and the list of links know it. */
export function linkId({ from, to, evidence }: LinkDto): string {
  return JSON.stringify([from, to, evidence]);
}

/** Makes the graph of a trace. Pure: the same trace gives the same graph. */
export function flowGraph(
  { events, links, deliveries }: Pick<TraceDetailDto, 'events' | 'links' | 'deliveries'>,
  limit = nodeLimit,
): FlowGraph {
  const collapsed = events.length > limit;
  const groups = new Map<string, EventHeadDto[]>();
  const groupOf = new Map<string, string>();
  for (const event of causalOrder(events, collapsed ? [] : links)) {
    const key = collapsed ? groupKey(event) : event.id;
    const known = groups.get(key);
    if (known) known.push(event);
    else groups.set(key, [event]);
    groupOf.set(event.id, key);
  }
  const handled = Map.groupBy(deliveries, ({ event }) => groupOf.get(event));
  const nodes: FlowNode[] = [];
  for (const [id, [first, ...rest]] of groups) {
    if (!first || nodes.length >= limit) continue;
    const lane = laneOf(first).id;
    nodes.push({ id, lane, events: [first, ...rest], time: first.time, deliveries: handled.get(id) ?? [] });
  }
  const merged = mergeLinks(links, groupOf, new Set(nodes.map(({ id }) => id)));
  const ordered = causalOrder(nodes, merged);
  return {
    nodes: ordered,
    links: merged,
    lanes: lanesOf(ordered),
    collapsed,
    hidden: groups.size - nodes.length,
  };
}

function groupKey(event: EventHeadDto): string {
  return JSON.stringify([laneOf(event).id, event.channel.system, event.channel.name, event.type ?? '']);
}

function mergeLinks(
  links: readonly LinkDto[],
  groupOf: ReadonlyMap<string, string>,
  shown: ReadonlySet<string>,
): FlowLink[] {
  const merged = new Map<string, { from: string; to: string; links: [LinkDto, ...LinkDto[]] }>();
  for (const link of links) {
    const from = groupOf.get(link.from);
    const to = groupOf.get(link.to);
    if (from === undefined || to === undefined || from === to || !shown.has(from) || !shown.has(to)) continue;
    const key = JSON.stringify([from, to]);
    const known = merged.get(key);
    if (known) known.links.push(link);
    else merged.set(key, { from, to, links: [link] });
  }
  return [...merged].map(([id, { from, to, links: all }]) => {
    const [best, ...others] = all.toSorted((a, b) => b.confidence - a.confidence);
    const strongest = best ?? all[0];
    const yours = all.some(({ evidence }) => evidence === 'user');
    return { id, from, to, links: [strongest, ...others], proven: strongest.confidence >= 1, yours };
  });
}

function lanesOf(nodes: readonly FlowNode[]): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const { events } of nodes) {
    const lane = laneOf(events[0]);
    const known = lanes.get(lane.id);
    // A name that is certain for one event of the lane is certain.
    if (!known || (known.note !== undefined && lane.note === undefined)) lanes.set(lane.id, lane);
  }
  return [...lanes.values()];
}
