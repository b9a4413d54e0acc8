import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { Place, Places } from '../state/map-places.ts';
import type { Elk } from './arrange.ts';
import type { Point } from './routes.ts';

/** Sizes of the map, px at zoom 1; all on the 4-px grid. Every node has the same, so that a change of kind moves nothing. */
export const nodeSize = { width: 168, height: 52 } as const;
const gap = { x: 80, y: 28 } as const;
const grid = 4;

interface Arc {
  readonly from: string;
  readonly to: string;
}

/** What is to be placed: nodes in a fixed order, and what connects them. */
export interface MapGraph {
  readonly nodes: readonly string[];
  readonly arcs: readonly Arc[];
  /** Where flows begin, as far as that is known: nothing is drawn as leading there. */
  readonly starts?: ReadonlySet<string>;
}

/**
 * Which nodes lack a place, and whether all should be arranged anew: when what comes outnumbers what is there and the
 * reader has put nothing anywhere, the picture is still being found.
 */
export function missingPlaces({ nodes, arcs }: MapGraph, places: Places): { ids: string[]; anew: boolean } {
  const linked = linkedNodes(arcs);
  const ids: string[] = [];
  let placed = 0;
  let byHand = false;
  for (const id of nodes) {
    const place = places.get(id);
    if (!place || (place.by === 'parked' && linked.has(id))) ids.push(id);
    else if (place.by !== 'parked') placed++;
    byHand ||= place?.by === 'hand';
  }
  return { ids, anew: !byHand && ids.length > placed };
}

/** Lays everything out along the flow, from left to right; what is connected to nothing is parked in rows below. */
export async function arrangeMap({ nodes, arcs, starts }: MapGraph, elk: Elk): Promise<Map<string, Place>> {
  const linked = linkedNodes(arcs);
  const inFlow = nodes.filter((id) => linked.has(id));
  const drawn = inFlow.length === 0 ? undefined : await elk(elkGraph(inFlow, arcs, starts));
  const places = new Map<string, Place>();
  for (const { id, x = 0, y = 0 } of drawn?.children ?? [])
    places.set(id, { x: snap(x), y: snap(y), by: 'flow' });
  park(
    nodes.filter((id) => !linked.has(id)),
    places,
  );
  return places;
}

function elkGraph(nodes: readonly string[], arcs: readonly Arc[], starts?: ReadonlySet<string>): ElkNode {
  return {
    id: 'map',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.randomSeed': '1',
      'elk.aspectRatio': '1.6',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(gap.x),
      'elk.layered.spacing.edgeNodeBetweenLayers': '16',
      'elk.spacing.nodeNode': String(gap.y),
      'elk.spacing.edgeNode': '20',
      'elk.spacing.componentComponent': '52',
      // Flows go in circles: from where they begin, whatever leads to what came before leads back.
      ...(starts?.size && { 'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST' }),
      ...(nodes.length > 300 && { 'elk.layered.thoroughness': '2' }),
    },
    children: nodes.map((id) => ({ id, ...nodeSize })),
    edges: arcs
      .filter(({ from, to }) => from !== to)
      .map(({ from, to }) => (starts?.has(to) && !starts.has(from) ? { from: to, to: from } : { from, to }))
      .map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  };
}

/**
 * Places the nodes that lack a place near those they are connected to, where there is room. Nothing else moves.
 * Deterministic: the same order of nodes gives the same places.
 */
export function placeNew({ nodes, arcs }: MapGraph, missing: readonly string[], places: Places): Places {
  const wanted = new Set(missing);
  const all = new Map<string, Place>();
  for (const id of nodes) {
    const place = wanted.has(id) ? undefined : places.get(id);
    if (place) all.set(id, place);
  }
  const into = Map.groupBy(arcs, ({ to }) => to);
  const outOf = Map.groupBy(arcs, ({ from }) => from);
  const linked = linkedNodes(arcs);
  const open = new Set(missing);
  const found = new Map<string, Place>();
  for (;;) {
    // First those beside something that has a place, then what hangs on them; a new flow begins below all others.
    const beside = [...open].find((id) => neighbours(id, into, outOf, all).length > 0);
    const next = beside ?? [...open].find((id) => linked.has(id));
    if (next === undefined) break;
    const wished = beside === undefined ? below(all) : wish(next, into, outOf, all);
    const place: Place = { ...freeSpot(wished, all), by: 'flow' };
    open.delete(next);
    all.set(next, place);
    found.set(next, place);
  }
  park([...open], all, found);
  return found;
}

/** Nodes that are connected to another one. */
function linkedNodes(arcs: readonly Arc[]): Set<string> {
  return new Set(arcs.flatMap(({ from, to }) => (from === to ? [] : [from, to])));
}

/** Left and below everything. */
function below(places: Places): Point {
  const spots = [...places.values()];
  if (spots.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...spots.map(({ x }) => x)),
    y: Math.max(...spots.map(({ y }) => y)) + nodeSize.height + 52,
  };
}

type Arcs = ReadonlyMap<string, readonly Arc[]>;

function neighbours(id: string, into: Arcs, outOf: Arcs, places: Places): Place[] {
  const others = [
    ...(into.get(id) ?? []).map(({ from }) => from),
    ...(outOf.get(id) ?? []).map(({ to }) => to),
  ];
  return others.flatMap((other) => (other === id ? [] : (places.get(other) ?? [])));
}

/** Right of what leads here, else left of where it leads; as high as its neighbours. */
function wish(id: string, into: Arcs, outOf: Arcs, places: Places): Point {
  const sources = neighbours(id, into, new Map(), places);
  const targets = neighbours(id, new Map(), outOf, places);
  const all = [...sources, ...targets];
  const y = all.reduce((sum, place) => sum + place.y, 0) / all.length;
  const step = nodeSize.width + gap.x;
  const x =
    sources.length > 0
      ? Math.max(...sources.map((place) => place.x)) + step
      : Math.min(...targets.map((place) => place.x)) - step;
  return { x: snap(x), y: snap(y) };
}

/** The wished place, or the nearest above or below it that covers nobody. */
function freeSpot(wished: Point, places: Places): Point {
  const step = nodeSize.height + gap.y;
  for (let distance = 0; ; distance++)
    for (const way of distance === 0 ? [1] : [1, -1]) {
      const spot = { x: wished.x, y: wished.y + way * distance * step };
      if (isFree(spot, places)) return spot;
    }
}

/** True where a node would keep its distance from all others. */
function isFree(spot: Point, places: Iterable<readonly [string, Point]>): boolean {
  for (const [, { x, y }] of places)
    if (Math.abs(x - spot.x) < nodeSize.width + 16 && Math.abs(y - spot.y) < nodeSize.height + 12)
      return false;
  return true;
}

/** Rows below everything, a little wider than what lies above. */
function park(ids: readonly string[], places: Map<string, Place>, found = places): void {
  if (ids.length === 0) return;
  const start = below(places);
  const step = { x: nodeSize.width + 28, y: nodeSize.height + gap.y };
  const right = Math.max(0, ...[...places.values()].map(({ x }) => x));
  const wide = Math.floor((right - start.x) / step.x) + 1;
  const columns = Math.max(4, Math.ceil(Math.sqrt(ids.length * 1.6)), wide);
  for (const [index, id] of ids.entries()) {
    const place: Place = {
      x: snap(start.x + (index % columns) * step.x),
      y: snap(start.y + Math.floor(index / columns) * step.y),
      by: 'parked',
    };
    places.set(id, place);
    found.set(id, place);
  }
}

function snap(value: number): number {
  return Math.round(value / grid) * grid;
}
