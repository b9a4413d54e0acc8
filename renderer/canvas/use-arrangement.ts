import { useEffect, useRef, useState } from 'react';
import { arrange } from './arrange.ts';
import type { Arrangement } from './arrange.ts';
import { layoutAtOnce, layoutInWorker } from './elk.ts';
import type { FlowGraph } from './flow-graph.ts';

/** A graph with its places; the two always fit each other. */
export interface Picture {
  readonly graph: FlowGraph;
  readonly arranged: Arrangement;
}

/** How long the worker may take until a draft is shown, ms; it is slow only while it starts. */
const patience = 150;

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
    let laidOut = false;
    const show = (arranged: Arrangement): void => {
      if (!current) return;
      lanes.current = { subject, ids: arranged.lanes.map(({ id }) => id) };
      setError(undefined);
      setPicture({ graph, arranged, subject });
    };
    const draft = setTimeout(() => {
      void arrange(graph, layoutAtOnce, pinned).then((arranged) => (laidOut ? undefined : show(arranged)));
    }, patience);
    arrange(graph, layoutInWorker, pinned)
      .then((arranged) => {
        laidOut = true;
        show(arranged);
      })
      .catch((reason: unknown) => {
        if (current) setError(reason instanceof Error ? reason : new Error(String(reason)));
      });
    return () => {
      current = false;
      clearTimeout(draft);
    };
  }, [graph, subject]);
  return { picture: picture?.subject === subject ? picture : undefined, error };
}
