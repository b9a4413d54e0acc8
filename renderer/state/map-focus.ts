import { create } from 'zustand';

/** What a highlighted trace does on an edge: the numbers of its hops in causal order, and what is not done yet. */
export interface TraceStep {
  readonly hops: readonly number[];
  readonly pending: boolean;
}

interface MapFocus {
  /** Typed into the search while the map is shown: nodes with it in their names stand out. */
  readonly find: string;
  /** Nodes and edges of the trace that is shown on the map; everything else is dimmed. */
  readonly trace?: {
    readonly nodes: ReadonlyMap<string, TraceStep>;
    readonly edges: ReadonlyMap<string, TraceStep>;
    /** The node where its last event lies. */
    readonly now?: string;
  };
  /** Moving events are held still. */
  readonly paused: boolean;
  /** The edge that the list of links points at. */
  readonly shownEdge?: string;
}

/** What the reader looks for on the map. */
export const useMapFocus = create<MapFocus>(() => ({ find: '', paused: false }));

/** Finds nodes by name. */
export function findOnMap(find: string): void {
  useMapFocus.setState({ find });
}

/** True where a name holds what is looked for. */
export function isFound(name: string, find: string): boolean {
  return name.toLowerCase().includes(find.trim().toLowerCase());
}

/** Holds events still, or lets them move again. */
export function togglePaused(): void {
  useMapFocus.setState(({ paused }) => ({ paused: !paused }));
}
