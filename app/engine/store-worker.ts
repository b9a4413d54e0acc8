import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openTraceStore } from '../store/open.ts';
import { serveOn } from './thread-rpc.ts';

/** Worker B: owns the database. Serves the trace store to the main thread, and to the recording worker over its port. */
export interface StoreWorkerData {
  readonly dir: string;
  readonly sizeCapBytes: number;
  /** To the recording worker. */
  readonly port: MessagePort;
}

const { dir, sizeCapBytes, port } = workerData as StoreWorkerData;
if (!parentPort) throw new Error('The store worker has to be started as a worker.');
const store = await openTraceStore({ dir, sizeCapBytes });
serveOn(port, store);
serveOn(parentPort, store);
// Says that the store is open: opening may replay a log, and may fail with a sentence for the user.
parentPort.postMessage({ ready: true });
