import { useEffect, useRef, useState } from 'react';
import { arrange } from './arrange.ts';
import type { Arrangement } from './arrange.ts';
import { layoutAtOnce, layoutInWorker } from './elk.ts';
import type { FlowGraph } from './flow-graph.ts';

/** A graph with its places; the two always fit each other. */
export interface Picture {
  readonly graph: FlowGraph;
  readonly arranged: Arrangement;
  /** The worker has not seen it yet; its places may still change a little. */
  readonly draft: boolean;
}

/** How long the worker may take until a draft is shown, ms: it starts slowly, and large traces take it seconds. */
const patience = 150;

interface Job {
  readonly graph: FlowGraph;
  readonly subject: string;
}

/**
 * Lays the graph out, again when it changes; the last picture stays until the next is ready. While the worker is at it,
 * newer graphs replace each other, so that a trace that grows quickly never queues up. `subject` is whose graph it is:
 * while it stays the same, lanes keep their order.
 */
export function useArrangement(
  graph: FlowGraph | undefined,
  subject: string,
): { readonly picture?: Picture; readonly error?: Error } {
  const [picture, setPicture] = useState<Picture & Job>();
  const [error, setError] = useState<Error>();
  const shown = useRef<{ subject: string; lanes: readonly string[] }>({ subject, lanes: [] });
  const newest = useRef<Job>(undefined);
  const next = useRef<Job>(undefined);
  const running = useRef(false);
  useEffect(() => {
    if (!graph) return undefined;
    const job: Job = { graph, subject };
    newest.current = job;
    next.current = job;
    const pinned = (of: Job): readonly string[] =>
      shown.current.subject === of.subject ? shown.current.lanes : [];
    const show = (of: Job, arranged: Arrangement, draft: boolean): void => {
      shown.current = { subject: of.subject, lanes: arranged.lanes.map(({ id }) => id) };
      setError(undefined);
      setPicture({ ...of, arranged, draft });
    };
    const work = async (): Promise<void> => {
      running.current = true;
      for (let now = next.current; now; now = next.current) {
        next.current = undefined;
        try {
          const arranged = await arrange(now.graph, layoutInWorker, pinned(now));
          if (newest.current?.subject === now.subject) show(now, arranged, false);
        } catch (reason) {
          if (newest.current === now) setError(reason instanceof Error ? reason : new Error(String(reason)));
        }
      }
      running.current = false;
    };
    const draft = setTimeout(() => {
      void arrange(graph, layoutAtOnce, pinned(job)).then((arranged) => {
        if (newest.current === job && running.current) show(job, arranged, true);
      });
    }, patience);
    if (!running.current) void work();
    return () => {
      clearTimeout(draft);
    };
  }, [graph, subject]);
  return { picture: picture?.subject === subject ? picture : undefined, error };
}
