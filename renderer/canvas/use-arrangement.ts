import { useEffect, useRef, useState } from 'react';
import { arrange } from './arrange.ts';
import type { Arrangement } from './arrange.ts';
import { layoutInWorker } from './elk.ts';
import type { FlowGraph } from './flow-graph.ts';

/** A graph with its places; the two always fit each other. */
export interface Picture {
  readonly graph: FlowGraph;
  readonly arranged: Arrangement;
}

/**
 * Lays the graph out, again when it changes; the last picture stays until the next is ready. `subject` is whose graph it
 * is: while it stays the same, lanes keep their order.
 */
export function useArrangement(
  graph: FlowGraph | undefined,
  subject: string,
): { readonly picture?: Picture; readonly error?: Error } {
  const [picture, setPicture] = useState<Picture & { subject: string }>();
  const [error, setError] = useState<Error>();
  const lanes = useRef<{ subject: string; ids: readonly string[] }>({ subject, ids: [] });
  useEffect(() => {
    if (!graph) return undefined;
    let current = true;
    const pinned = lanes.current.subject === subject ? lanes.current.ids : [];
    arrange(graph, layoutInWorker, pinned)
      .then((arranged) => {
        if (!current) return;
        lanes.current = { subject, ids: arranged.lanes.map(({ id }) => id) };
        setError(undefined);
        setPicture({ graph, arranged, subject });
      })
      .catch((reason: unknown) => {
        if (current) setError(reason instanceof Error ? reason : new Error(String(reason)));
      });
    return () => {
      current = false;
    };
  }, [graph, subject]);
  return { picture: picture?.subject === subject ? picture : undefined, error };
}
