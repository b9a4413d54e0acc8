import { useCallback, useEffect, useMemo, useRef } from 'react';
import { findFlowStarts } from '../state/flow-starts.ts';
import type { MapEdge } from '../state/map-model.ts';
import { putPlaces, replacePlaces, useMapPlaces } from '../state/map-places.ts';
import type { Places } from '../state/map-places.ts';
import { layoutInWorker } from './elk.ts';
import { arrangeMap, missingPlaces, placeNew } from './map-layout.ts';
import type { MapGraph } from './map-layout.ts';

interface PlacedMap {
  readonly places: Places;
  /** Every node has a place. */
  readonly ready: boolean;
  /** Lets go of all places, also of those that the reader chose. */
  arrangeAnew(): void;
}

/** Where the nodes lie: what has a place keeps it, what comes is placed beside it. */
export function useMapPlacement(nodes: readonly string[], edges: readonly MapEdge[]): PlacedMap {
  const places = useMapPlaces((state) => state.places);
  const graph = useMemo((): MapGraph => ({ nodes, arcs: edges }), [nodes, edges]);
  const latest = useRef(graph);
  useEffect(() => {
    latest.current = graph;
  }, [graph]);
  useEffect(() => () => clearTimeout(again), []);
  const missing = useMemo(() => missingPlaces(graph, places), [graph, places]);
  useEffect(() => {
    if (missing.ids.length === 0) return;
    if (missing.anew) void arrangeFirst(graph, () => latest.current);
    else if (!arranging) putPlaces(placeNew(graph, missing.ids, places));
  }, [graph, missing, places]);
  const ready = useMemo(() => nodes.every((id) => places.has(id)), [nodes, places]);
  const arrangeAnew = useCallback(() => void arrangeAll(graph), [graph]);
  return { places, ready, arrangeAnew };
}

let arranging = false;
let again: ReturnType<typeof setTimeout> | undefined;

/** Lays all out along the flow. Answers with the nodes where flows begin, as far as that is known. */
async function arrangeAll(graph: MapGraph): Promise<ReadonlySet<string> | undefined> {
  if (arranging) return undefined;
  arranging = true;
  try {
    const starts = await findFlowStarts();
    replacePlaces(await arrangeMap({ ...graph, starts }, layoutInWorker));
    return starts;
  } catch (reason) {
    useMapPlaces.setState({ error: reason instanceof Error ? reason : new Error(String(reason)) });
    return undefined;
  } finally {
    arranging = false;
  }
}

/** How often, and after how long, it is looked again for where flows begin, ms. */
const looks = { most: 6, every: 1000 } as const;

/**
 * The first picture may be older than the first flow: once it is known where flows begin, all is arranged anew along
 * them, unless the reader has put something somewhere.
 */
async function arrangeFirst(graph: MapGraph, latest: () => MapGraph): Promise<void> {
  const starts = await arrangeAll(graph);
  if (starts?.size !== 0) return;
  const look = async (left: number): Promise<void> => {
    const found = (await findFlowStarts()).size > 0;
    const byHand = [...useMapPlaces.getState().places.values()].some(({ by }) => by === 'hand');
    if (found && !byHand) await arrangeAll(latest());
    else if (!found && left > 1) again = setTimeout(() => void look(left - 1), looks.every);
  };
  clearTimeout(again);
  again = setTimeout(() => void look(looks.most), looks.every);
}
