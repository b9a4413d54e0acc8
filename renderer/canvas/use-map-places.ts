import { useEffect, useMemo } from 'react';
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
  const missing = useMemo(() => missingPlaces(graph, places), [graph, places]);
  useEffect(() => {
    if (missing.ids.length === 0) return;
    if (missing.anew) void arrangeAll(graph);
    else if (!arranging) putPlaces(placeNew(graph, missing.ids, places));
  }, [graph, missing, places]);
  const ready = useMemo(() => nodes.every((id) => places.has(id)), [nodes, places]);
  return { places, ready, arrangeAnew: () => void arrangeAll(graph) };
}

let arranging = false;

async function arrangeAll(graph: MapGraph): Promise<void> {
  if (arranging) return;
  arranging = true;
  try {
    const starts = await findFlowStarts();
    replacePlaces(await arrangeMap({ ...graph, starts }, layoutInWorker));
  } catch (reason) {
    useMapPlaces.setState({ error: reason instanceof Error ? reason : new Error(String(reason)) });
  } finally {
    arranging = false;
  }
}
