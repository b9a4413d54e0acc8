import { create } from 'zustand';
import { parseQuery } from '../../app/language/parse-query.ts';
import type { MapNode } from './map-model.ts';

/** What a highlighted trace does on an edge: the numbers of its hops in causal order, and what is not done yet. */
export interface TraceStep {
  readonly hops: readonly number[];
  readonly pending: boolean;
}

interface MapFocus {
  /** Typed into the search while the map is shown. */
  readonly find: string;
  /** Nodes that are meant by it stand out; undefined where it means none, and all look as ever. */
  readonly found?: ReadonlySet<string>;
  /** Nodes and edges of the trace that is shown on the map; everything else is dimmed. */
  readonly trace?: {
    readonly nodes: ReadonlyMap<string, TraceStep>;
    readonly edges: ReadonlyMap<string, TraceStep>;
    /** The node where its last event lies. */
    readonly now?: string;
  };
  /** Moving events are held still. */
  readonly paused: boolean;
  /** Lays the map out anew; there while it is shown. */
  arrange?(): void;
  /** The edge that the list of links points at. */
  readonly shownEdge?: string;
}

/** What the reader looks for on the map. */
export const useMapFocus = create<MapFocus>(() => ({ find: '', paused: false }));

/** Finds nodes, and traces by their keys. */
export function findOnMap(find: string): void {
  useMapFocus.setState({ find });
}

/** The nodes that a search means: by a part of their name, by their system, or by `system:` and `channel:`. */
export function findNodes<T extends Pick<MapNode, 'name' | 'system'>>(nodes: Iterable<T>, find: string): T[] {
  const { keys, systems, channels } = parseQuery(find).query;
  if (systems.length > 0 || channels.length > 0)
    return [...nodes].filter(
      ({ name, system }) =>
        system !== undefined &&
        (systems.length === 0 || systems.includes(system)) &&
        (channels.length === 0 || channels.includes(name)),
    );
  // A key with its name, `orderId=12345`, is no part of a node's.
  const words = keys.flatMap(({ name, value }) => (name === undefined ? [value.toLowerCase()] : []));
  if (words.length === 0 || words.length < keys.length) return [];
  return [...nodes].filter(({ name, system = '' }) =>
    words.every((word) => name.toLowerCase().includes(word) || (word.length > 2 && system.startsWith(word))),
  );
}

/** Holds events still, or lets them move again. */
export function togglePaused(): void {
  useMapFocus.setState(({ paused }) => ({ paused: !paused }));
}
