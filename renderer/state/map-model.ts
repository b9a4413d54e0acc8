import type { ConnectionDto, EventHeadDto, TopologyDto } from '../../app/contract/page.ts';
import { channelHealth, lagGrows, participantHealth, well } from './map-health.ts';
import type { Coverage, Health } from './map-health.ts';
import { edgeId, edgeRates, rememberEdges, total } from './map-rates.ts';
import type { Looks } from './map-rates.ts';

type ChannelDto = EventHeadDto['channel'];

/** A participant or a channel, as the map shows it. */
export interface MapNode {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelDto['kind'] | 'participant';
  readonly system?: ChannelDto['system'];
  readonly cluster?: string;
  /** Another cluster has a channel of this name: the name alone does not say which. */
  readonly ambiguous: boolean;
  /** Events a second, to two significant figures; of a participant, what it is known to publish. */
  readonly rate?: number;
  readonly events?: number;
  /** Time of the last event, epoch ms. */
  readonly last?: number;
  readonly health: Health;
  /** Nothing of it happened in the time that is looked at. */
  readonly quiet: boolean;
}

/** All edges of one kind between two nodes: routing keys do not make several lines. */
export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: TopologyDto['edges'][number]['kind'];
  /** Stated by the broker or by events, not concluded from the flow. */
  readonly proven: boolean;
  /** How it is known, in plain words. */
  readonly evidence: string;
  readonly routingKeys: string;
  readonly events?: number;
  readonly rate?: number;
  /** px; log of what moves along it, as far as that is known. */
  readonly width: number;
  readonly lag?: number;
  readonly lagging: boolean;
  /** Nothing moved along it in the time that is looked at, as far as that is known. */
  readonly quiet: boolean;
}

/** What of a node and of an edge is drawn large, and seldom changes; figures are drawn apart, by who subscribes to them. */
export type NodeLook = Omit<MapNode, 'rate' | 'events' | 'last'>;
export type EdgeLook = Omit<MapEdge, 'rate' | 'events' | 'lag'>;

export interface MapModel {
  /** In the order of their ids. */
  readonly nodeIds: readonly string[];
  readonly edgeIds: readonly string[];
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly edges: ReadonlyMap<string, MapEdge>;
  readonly nodeLooks: ReadonlyMap<string, NodeLook>;
  readonly edgeLooks: ReadonlyMap<string, EdgeLook>;
}

/** What earlier looks leave for the next: lags, to see them grow, and the rates that channels had. */
export interface MapMemory {
  readonly lags: Map<string, readonly number[]>;
  readonly looks: Looks;
  readonly rates: Map<string, number>;
}

/** Takes a look into memory. */
export function remember({ lags, looks, rates }: MapMemory, topology: TopologyDto): void {
  const { channels, edges } = topology;
  rememberEdges(looks, topology);
  for (const { id, rate } of channels) rates.set(id, Math.max(rate, (rates.get(id) ?? 0) * forgetting));
  for (const [id, parts] of Map.groupBy(edges, edgeId)) {
    const lag = total(parts.map((part) => part.lag));
    if (lag === undefined) lags.delete(id);
    else lags.set(id, [...(lags.get(id) ?? []), lag].slice(-looksKept));
  }
}

const forgetting = 0.98;

export const emptyModel: MapModel = {
  ...{ nodeIds: [], edgeIds: [], nodes: new Map(), edges: new Map() },
  ...{ nodeLooks: new Map(), edgeLooks: new Map() },
};

const looksKept = 4;

/** Two significant figures: what the eye reads, and no more changes on screen than that. */
function twoFigures(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(2));
}

/** Where a channel is told from another, whatever its id. */
export function channelKey({ system, cluster, name, kind }: ChannelDto): string {
  return JSON.stringify([system, cluster, name, kind]);
}

/** As `channelKey`, of a node that is a channel. */
export function nodeKey({ system, cluster, name, kind }: MapNode): string | undefined {
  return system === undefined || cluster === undefined || kind === 'participant'
    ? undefined
    : channelKey({ system, cluster, name, kind });
}

/** Which time a topology is of: all of it, one that ends now, or one that is past. */
export type MapTime = 'all' | 'recent' | 'past';

/**
 * The picture of a topology. What did not change is the same object as before, so that only what changed is drawn
 * again.
 */
export function mapModel(
  topology: TopologyDto,
  connections: Iterable<ConnectionDto>,
  before: MapModel,
  memory: MapMemory,
  now: number,
  time: MapTime = 'all',
): MapModel {
  const edges = withoutShortcuts(mapEdges(topology, memory, time));
  const seen = coverageOf(connections);
  const names = Map.groupBy(topology.channels, ({ system, name }) => `${system} ${name}`);
  const deadLetters = new Set(edges.filter(({ kind }) => kind === 'dead-letters').map(({ to }) => to));
  const lagging = new Set(edges.flatMap((edge) => (edge.lagging ? [edge.from] : [])));
  const into = Map.groupBy(edges, ({ to }) => to);
  const outOf = Map.groupBy(edges, ({ from }) => from);
  const busy = new Set(edges.flatMap(({ from, to, quiet }) => (quiet ? [] : [from, to])));
  const channels = topology.channels.map((channel): MapNode => {
    const { id, name, kind, system, cluster, events, last } = channel;
    return {
      id,
      name,
      kind,
      system,
      cluster,
      ambiguous: new Set(names.get(`${system} ${name}`)?.map((other) => other.cluster)).size > 1,
      rate: twoFigures(channel.rate),
      events,
      last,
      quiet: time !== 'all' && events === 0 && !busy.has(id),
      health:
        time === 'past'
          ? well
          : channelHealth({
              coverage: seen.get(channelKey(channel)),
              lagging: lagging.has(id),
              rate: channel.rate,
              // Nothing on a dead-letter channel is good news.
              usual: deadLetters.has(id) ? 0 : (memory.rates.get(id) ?? 0),
              last,
              now,
            }),
    };
  });
  const channelHealths = new Map(channels.map(({ id, health }) => [id, health]));
  const participants = topology.participants.map(({ id, name }): MapNode => {
    const mine = [...(into.get(id) ?? []), ...(outOf.get(id) ?? [])];
    const rates = mine.flatMap((edge) => (edge.kind === 'publishes' ? (edge.rate ?? []) : []));
    return {
      id,
      name,
      kind: 'participant',
      ambiguous: false,
      quiet: time !== 'all' && !busy.has(id),
      ...(rates.length > 0 && { rate: twoFigures(rates.reduce((sum, rate) => sum + rate, 0)) }),
      health: participantHealth(
        mine,
        mine.map(({ from, to }) => channelHealths.get(from === id ? to : from) ?? well),
      ),
    };
  });
  return kept(before, [...participants, ...channels], edges);
}

function mapEdges(topology: TopologyDto, memory: MapMemory, time: MapTime): MapEdge[] {
  const { edges, channels } = topology;
  const moves = time === 'past' ? undefined : edgeRates(topology, memory.looks);
  const eventsOn = new Map(channels.map((channel) => [channel.id, channel.events]));
  const routed = Map.groupBy(
    edges.filter(({ kind }) => kind === 'routes'),
    ({ to }) => to,
  );
  /** What an edge may have carried: of a queue, what was published where it is filled from. */
  const moved = ({ from, to, kind }: Pick<MapEdge, 'from' | 'to' | 'kind'>): number =>
    kind === 'dead-letters'
      ? (eventsOn.get(to) ?? 0)
      : Math.max(
          eventsOn.get(from) ?? 0,
          ...(routed.get(from) ?? []).map((edge) => eventsOn.get(edge.from) ?? 0),
        );
  const rates = new Map(channels.map(({ id, rate }) => [id, rate]));
  return [...Map.groupBy(edges, edgeId)].map(([id, parts]): MapEdge => {
    const [{ from, to, kind } = { from: '', to: '', kind: 'routes' as const }] = parts;
    const lag = total(parts.map((part) => part.lag));
    const rate = moves?.get(id);
    const flow =
      rate ??
      total(parts.map((part) => part.rate)) ??
      (kind === 'consumes' ? rates.get(from) : rates.get(to)) ??
      0;
    return {
      id,
      from,
      to,
      kind,
      proven: parts.some(({ evidence }) => !/\binferred\b/i.test(evidence)),
      evidence: unique(parts.map(({ evidence }) => evidence)),
      routingKeys: unique(parts.map(({ routingKey }) => routingKey)),
      events: total(parts.map(({ events }) => events)),
      rate: rate === undefined ? undefined : twoFigures(rate),
      width: edgeWidth(flow),
      lag,
      lagging: time !== 'past' && lagGrows(memory.lags.get(id) ?? []),
      quiet: time !== 'all' && (total(parts.map((part) => part.events)) ?? moved({ from, to, kind })) === 0,
    };
  });
}

/**
 * Leaves out what only deliveries say, that somebody consumes from an exchange, where the way through his queue is known:
 * it would be the same way twice.
 */
function withoutShortcuts(edges: readonly MapEdge[]): MapEdge[] {
  const outOf = Map.groupBy(edges, ({ from }) => from);
  const byQueue = ({ from, to }: MapEdge): boolean =>
    (outOf.get(from) ?? []).some(
      (route) =>
        route.kind === 'routes' &&
        outOf.get(route.to)?.some((edge) => edge.kind === 'consumes' && edge.to === to),
    );
  return edges.filter((edge) => edge.kind !== 'consumes' || edge.lag !== undefined || !byQueue(edge));
}

/** From a hair for a silent edge to 6 px at thousands of events a second, in steps of half a pixel. */
export function edgeWidth(rate: number): number {
  return Math.min(6, Math.round((1.5 + Math.log10(1 + Math.max(0, rate)) * 1.2) * 2) / 2);
}

function unique(texts: readonly (string | undefined)[]): string {
  return [...new Set(texts.filter((text) => text !== undefined && text !== ''))].join(', ');
}

/** What connections say of each channel; where several read it, the one that fares best. */
function coverageOf(connections: Iterable<ConnectionDto>): Map<string, Coverage> {
  const found = new Map<string, Coverage>();
  for (const connection of connections)
    for (const { channel, gaps } of connection.active) {
      const key = channelKey(channel);
      const known = found.get(key);
      if (!known || (known.connection.phase !== 'live' && connection.phase === 'live'))
        found.set(key, { connection, gaps });
    }
  return found;
}

/** The connection that reads a channel, and what it missed of it. */
export function coverage(connections: Iterable<ConnectionDto>, node: MapNode): Coverage | undefined {
  const key = nodeKey(node);
  return key === undefined ? undefined : coverageOf(connections).get(key);
}

function kept(before: MapModel, nodes: readonly MapNode[], edges: readonly MapEdge[]): MapModel {
  return {
    nodeIds: sameIds(before.nodeIds, nodes),
    edgeIds: sameIds(before.edgeIds, edges),
    nodes: new Map(nodes.map((node) => [node.id, unchanged(before.nodes.get(node.id), node)])),
    edges: new Map(edges.map((edge) => [edge.id, unchanged(before.edges.get(edge.id), edge)])),
    nodeLooks: new Map(
      nodes.map(({ rate: _rate, events: _events, last: _last, ...look }) => [
        look.id,
        unchanged(before.nodeLooks.get(look.id), look),
      ]),
    ),
    edgeLooks: new Map(
      edges.map(({ rate: _rate, events: _events, lag: _lag, ...look }) => [
        look.id,
        unchanged(before.edgeLooks.get(look.id), look),
      ]),
    ),
  };
}

function sameIds(before: readonly string[], items: readonly { readonly id: string }[]): readonly string[] {
  const ids = items.map(({ id }) => id);
  return ids.length === before.length && ids.every((id, index) => before[index] === id) ? before : ids;
}

/** The object before, where the one now says the same. */
function unchanged<T extends object>(before: T | undefined, now: T): T {
  if (!before) return now;
  for (const key in now) {
    const [was, is] = [before[key], now[key]];
    if (!Object.is(was, is) && !(key === 'health' && JSON.stringify(was) === JSON.stringify(is))) return now;
  }
  return before;
}
