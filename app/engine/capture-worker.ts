import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { writeCapture } from '../format/write-capture.ts';
import type { Mask } from '../model/mask.ts';
import { captureMask } from '../pipeline/capture-mask.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { serviceAt } from './thread-rpc.ts';

/** Writes one capture, beside everything else, and ends. Told anything at all, it stops and leaves nothing behind. */
export interface CaptureWorkerData {
  /** To the store. */
  readonly storePort: MessagePort;
  readonly path: string;
  readonly mask: Mask;
}

export type CaptureWorkerMessage =
  | { readonly written: number; readonly total: number }
  | { readonly done: true }
  | { readonly failed: string };

const { storePort, path, mask } = workerData as CaptureWorkerData;
const port = parentPort;
if (!port) throw new Error('The capture worker has to be started as a worker.');
const abort = new AbortController();
port.once('message', () => {
  abort.abort();
});
let ended = false;
const say = (message: CaptureWorkerMessage): void => {
  if (!ended) port.postMessage(message);
  ended ||= !('written' in message);
};
// The store's thread died: its answers never come.
storePort.once('close', () => {
  say({ failed: 'the store was restarted meanwhile.' });
  port.close();
  process.exit();
});
try {
  // Every method of the store returns a promise already, so its remote has the same type.
  const store = serviceAt<TraceStore>(storePort) as unknown as TraceStore;
  await writeCapture(store, path, {
    signal: abort.signal,
    onProgress: (written, total) => {
      say({ written, total });
    },
    mask: captureMask(mask),
  });
  say({ done: true });
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) });
} finally {
  storePort.close();
  port.close();
}
