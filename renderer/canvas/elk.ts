import ElkApi from 'elkjs/lib/elk-api.js';
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

let elk: ELK | undefined;

/** Lays a graph out in the one worker of the page; the page itself never waits. */
export function layoutInWorker(graph: ElkNode): Promise<ElkNode> {
  elk ??= new ElkApi({ workerFactory: () => new Worker(workerUrl) });
  return elk.layout(graph);
}
