import type { StoredTrace } from '../model/trace.ts';
import type { Graph } from './graph.ts';
import { traceNumber } from './publish.ts';

/**
 * Puts a stored trace back into the graph as it was published. Events that turn out to be only attached to it are
 * guests: their own traces were not asked for, and must not be published from what is here.
 */
export function restore(graph: Graph, { id, events, failed = false }: StoredTrace): void {
  const trace = traceNumber(id);
  for (const event of events) graph.insert(event, { trace, failed: failed && event.seq === trace });
  graph.settle();

  const first = events.find((event) => event.seq === trace);
  const own = first && graph.byName(first.id)?.component;
  for (const event of events) {
    const node = graph.byName(event.id);
    if (!node) continue;
    if (own === undefined || node.component === own) node.guest = false;
    else if (node.trace === trace) node.guest = true;
  }
}
