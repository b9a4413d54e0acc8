import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { connectors } from './connectors.ts';
import { openAny } from '../format/open-file.ts';
import { createRecorder, type Recorder } from '../pipeline/recorder.ts';
import { readRuleFiles } from '../pipeline/rule-files.ts';
import { createRuleKeeper, rulesDir } from '../pipeline/rule-keeper.ts';
import type { SecretStore } from '../pipeline/secret-store.ts';
import { createSupervisor, type Supervisor } from '../pipeline/supervisor.ts';
import { packingStore, type PackedWrites } from '../store/packing-store.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { serveOn, serviceAt, transfer } from './thread-rpc.ts';

/** Worker A: connectors, decoding, correlation. Serves the supervisor to the main thread. */
export interface RecordingWorkerData {
  readonly dir: string;
  /** To the store worker. */
  readonly storePort: MessagePort;
  /** To the main thread's store of passwords, where there is one. */
  readonly secretPort?: MessagePort;
  /** Where changes are told, coalesced. */
  readonly noticePort: MessagePort;
}

/** What the worker serves. */
export type RecordingService = Supervisor & Pick<Recorder, 'editLinks'>;

/** Told to the main thread. */
export interface Notice {
  readonly connections: boolean;
  readonly events: boolean;
  readonly traceIds: readonly string[];
  /** More traces changed than are named. */
  readonly moreTraces: boolean;
  readonly problems: readonly string[];
}

/** Only gathers what comes together: the revision log behind it keeps to ten answers a second. */
const noticeEveryMs = 10;

const { dir, storePort, secretPort, noticePort } = workerData as RecordingWorkerData;
if (!parentPort) throw new Error('The recording worker has to be started as a worker.');

let due:
  | { connections: boolean; events: boolean; traceIds: string[]; moreTraces: boolean; problems: string[] }
  | undefined;
function notice(change: Partial<Notice>): void {
  if (!due) {
    due = { connections: false, events: false, traceIds: [], moreTraces: false, problems: [] };
    setTimeout(() => {
      noticePort.postMessage(due);
      due = undefined;
    }, noticeEveryMs);
  }
  due.connections ||= change.connections ?? false;
  due.events ||= change.events ?? false;
  due.moreTraces ||= change.moreTraces ?? false;
  for (const id of change.traceIds ?? []) due.traceIds.push(id);
  due.problems.push(...(change.problems ?? []));
}

// Every method of the store returns a promise already, so its remote has the same type.
const store = packingStore(serviceAt<TraceStore & PackedWrites>(storePort), transfer);
const found = await readRuleFiles(rulesDir(dir));
const recorder = await createRecorder({
  store,
  rules: found.rules,
  onTraces: (traceIds, moreTraces) => {
    notice({ traceIds, moreTraces });
  },
  onEvents: () => {
    notice({ events: true });
  },
  onError: (error) => {
    notice({ problems: [`Recording stopped: ${error instanceof Error ? error.message : String(error)}`] });
  },
});
const ruleKeeper = createRuleKeeper({
  dir,
  store,
  recorder,
  found,
  onProblem: (problem) => {
    notice({ problems: [problem] });
  },
});
const supervisor = await createSupervisor({
  dir,
  connectors,
  openFile: openAny,
  store,
  recorder,
  secretStore: secretPort && serviceAt<SecretStore>(secretPort),
  onChange: () => {
    notice({ connections: true });
  },
  onProblem: (problem) => {
    notice({ problems: [problem] });
  },
});
const service: RecordingService = {
  ...supervisor,
  editLinks: recorder.editLinks,
  /** Disconnects from all brokers, then makes durable what came until then. */
  async close() {
    await supervisor.close();
    await ruleKeeper.close();
    await recorder.close();
  },
};
serveOn(parentPort, service);
parentPort.postMessage({ ready: true });
