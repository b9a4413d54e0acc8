import type { Checkpoint } from '../model/source.ts';
import type { Coverage, Delivery } from '../model/delivery.ts';
import { buffersOf, packEvents, type PackedEvents } from './packed-events.ts';
import { packTraces, traceBuffersOf, type PackedTraces } from './packed-traces.ts';
import type { AppendResult, TraceStore } from './trace-store.ts';

/** A batch with its events as columns. None of them is stored already. */
export interface PackedBatch {
  readonly connection: string;
  readonly events: PackedEvents;
  readonly deliveries: readonly Delivery[];
  readonly coverage: readonly Coverage[];
  readonly checkpoints: readonly Checkpoint[];
  readonly settled?: number;
}

/** What the store's thread offers beside the store: the same writes, in columns. Order holds between both forms. */
export interface PackedWrites {
  appendPacked(batch: PackedBatch): Promise<void>;
  applyPacked(traces: PackedTraces): Promise<void>;
}

/** Marks what is handed over to the other thread rather than copied; as comlink's `transfer`. */
export type Transfer = <T extends object>(value: T, buffers: ArrayBuffer[]) => T;

const nothingRepeated = (): AppendResult => ({ repeated: [] });

/** The store at the other end of a port, written to in columns. */
export function packingStore(remote: TraceStore & PackedWrites, transfer: Transfer): TraceStore {
  // Calls go through one by one: the remote is a proxy whose methods cannot be listed.
  const direct = <K extends keyof TraceStore>(name: K): TraceStore[K] =>
    ((...args: unknown[]) => (remote[name] as (...given: unknown[]) => unknown)(...args)) as TraceStore[K];
  return {
    state: direct('state'),
    putTopology: direct('putTopology'),
    putKeyEdits: direct('putKeyEdits'),
    rewriteFacts: direct('rewriteFacts'),
    forgetTraces: direct('forgetTraces'),
    putLinkEdits: direct('putLinkEdits'),
    checkpoints: direct('checkpoints'),
    lookUpKeys: direct('lookUpKeys'),
    factsAfter: direct('factsAfter'),
    keyHashesAfter: direct('keyHashesAfter'),
    listTraces: direct('listTraces'),
    listEvents: direct('listEvents'),
    countEvents: direct('countEvents'),
    trace: direct('trace'),
    traces: direct('traces'),
    event: direct('event'),
    topologies: direct('topologies'),
    keyEdits: direct('keyEdits'),
    linkEdits: direct('linkEdits'),
    activity: direct('activity'),
    consumption: direct('consumption'),
    waiting: direct('waiting'),
    held: direct('held'),
    coverage: direct('coverage'),
    exportEventsAfter: direct('exportEventsAfter'),
    exportDeliveriesAfter: direct('exportDeliveriesAfter'),
    close: direct('close'),
    // No async function: while it waited it would hold on to its variables, and with them to all events under way.
    append(batch) {
      // Whether events are stored already is found by their names, over there.
      if (batch.mayRepeat) return remote.append(batch);
      const { connection, deliveries, coverage, checkpoints, settled } = batch;
      const events = packEvents(batch.events);
      const packed = { connection, deliveries, coverage, checkpoints, events, settled };
      return remote.appendPacked(transfer(packed, buffersOf(events))).then(nothingRepeated);
    },
    applyTraces(changes) {
      const packed = packTraces(changes);
      return remote.applyPacked(transfer(packed, traceBuffersOf(packed)));
    },
  };
}
