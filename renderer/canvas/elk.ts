import ElkApi from 'elkjs/lib/elk-api.js';
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

let elk: ELK | undefined;

/** Starts the one layout worker of the page. It takes about a second to be ready: call this before it is needed. */
export function startLayoutWorker(): ELK {
  elk ??= new ElkApi({ workerFactory: () => new Worker(workerUrl) });
  return elk;
}

/** Lays a graph out in the worker; the page itself never waits. */
export function layoutInWorker(graph: ElkNode): Promise<ElkNode> {
  return startLayoutWorker().layout(graph);
}

/** Places as good as can be had without the worker: columns at their least distance, stacks in causal order. */
export function layoutAtOnce(graph: ElkNode): Promise<ElkNode> {
  return Promise.resolve({
    ...graph,
    children: graph.children?.map((child, index) => ({ ...child, x: 0, y: index })),
  });
}
