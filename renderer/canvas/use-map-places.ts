import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MapEdge } from '../state/map-model.ts';
import { putPlaces, useMapPlaces } from '../state/map-places.ts';
import type { Places } from '../state/map-places.ts';
import { layoutInWorker } from './elk.ts';
import { arrangeMap, missingPlaces, placeNew } from './map-layout.ts';
import type { MapGraph } from './map-layout.ts';

interface PlacedMap {
  readonly places: Places;
  /** Every node has a place. */
  readonly ready: boolean;
  /** Grows each time everything was arranged anew. */
  readonly arranged: number;
  readonly error?: Error;
  /** Lets go of all places, also of those that the reader chose. */
  arrangeAnew(): void;
}

/** Where the nodes lie: what has a place keeps it, what comes is placed beside it. */
export function useMapPlacement(nodes: readonly string[], edges: readonly MapEdge[]): PlacedMap {
  const places = useMapPlaces((state) => state.places);
  const [arranged, setArranged] = useState(0);
  const [error, setError] = useState<Error>();
  const graph = useMemo((): MapGraph => ({ nodes, arcs: edges }), [nodes, edges]);
  const latest = useRef(graph);
  const running = useRef(false);

  const arrangeAnew = useCallback(async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    try {
      putPlaces(await arrangeMap(latest.current, layoutInWorker), true);
      setError(undefined);
      setArranged((times) => times + 1);
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    } finally {
      running.current = false;
    }
  }, []);

  const missing = useMemo(() => missingPlaces(graph, places), [graph, places]);
  useEffect(() => {
    latest.current = graph;
    if (missing.ids.length === 0 || running.current) return;
    if (missing.anew) void arrangeAnew();
    else putPlaces(placeNew(graph, missing.ids, places));
  }, [graph, missing, places, arrangeAnew]);

  return {
    places,
    ready: nodes.every((id) => places.has(id)),
    arranged,
    error,
    arrangeAnew: () => void arrangeAnew(),
  };
}
