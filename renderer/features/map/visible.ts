import { useMemo, useState } from 'react';
import type { MapEdge, MapModel, MapNode } from '../../state/map-model.ts';

/** More nodes than this are not read any more: what does not move makes room. */
const roomy = 200;
/** React Flow becomes slow beyond. */
const most = 1200;
const idleAfter = 600_000;

export interface Visible {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Channels that do not move and are not shown. */
  readonly idle: number;
  /** Nodes beyond what can be drawn. */
  readonly beyond: number;
}

/** Channels on which nothing moved for long before the last event of all. */
function idleChannels({ nodes }: Pick<MapModel, 'nodes'>): Set<string> {
  const channels = [...nodes.values()].filter(({ kind }) => kind !== 'participant');
  const now = Math.max(...channels.map(({ last = 0 }) => last));
  return new Set(
    channels.flatMap(({ id, rate = 0, last = 0 }) => (rate === 0 && now - last > idleAfter ? [id] : [])),
  );
}

/**
 * What of a model is drawn. In a small one all of it; in a large one the idle channels are left out, and who has to do
 * with nothing else, unless `asked` names them.
 */
export function visible(model: MapModel, showIdle: boolean, asked: ReadonlySet<string>): Visible {
  const all = [...model.nodes.values()];
  const large = all.length > roomy;
  const idle = large && !showIdle ? idleChannels(model) : new Set<string>();
  for (const id of asked) idle.delete(id);
  const shown = new Set(all.flatMap(({ id, kind }) => (kind === 'participant' || idle.has(id) ? [] : [id])));
  const linked = new Set<string>();
  for (const { from, to } of model.edges.values()) {
    if (shown.has(from)) linked.add(to);
    if (shown.has(to)) linked.add(from);
  }
  const drawn = all.filter(
    ({ id, kind }) =>
      shown.has(id) || (kind === 'participant' && (!large || linked.has(id) || asked.has(id))),
  );
  const nodes =
    drawn.length <= most
      ? drawn
      : drawn.toSorted((a, b) => importance(b, asked) - importance(a, asked)).slice(0, most);
  const ids = new Set(nodes.map(({ id }) => id));
  const edges = [...model.edges.values()].filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { nodes, edges, idle: idle.size, beyond: drawn.length - nodes.length };
}

function importance({ id, rate = 0, events = 0 }: MapNode, asked: ReadonlySet<string>): number {
  return asked.has(id) ? Infinity : rate * 1e6 + events;
}

/** As `visible`, but with the same lists as long as the same nodes and edges are in them. */
export function useVisible(model: MapModel, showIdle: boolean, asked: ReadonlySet<string>): Visible {
  const now = useMemo(() => visible(model, showIdle, asked), [model, showIdle, asked]);
  return {
    ...now,
    nodes: useSame(now.nodes, (a, b) => a.id === b.id && a.name === b.name && a.ambiguous === b.ambiguous),
    edges: useSame(now.edges, (a, b) => a.id === b.id),
  };
}

function useSame<T>(list: readonly T[], same: (a: T, b: T) => boolean): readonly T[] {
  const [kept, keep] = useState(list);
  if (kept.length === list.length && kept.every((item, index) => same(item, list[index] as T))) return kept;
  keep(list);
  return list;
}
