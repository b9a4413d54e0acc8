import { createAssembler, type Assembler } from '../correlate/assembler.ts';
import { createBloom } from '../correlate/bloom.ts';
import { extractFacts } from '../correlate/extract.ts';
import { decodeMessage } from '../decode/decode.ts';
import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { RawMessage } from '../model/message.ts';
import type { Checkpoint, SourceItem } from '../model/source.ts';
import type { EventFacts } from '../model/trace.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { nameEvent } from './name-event.ts';

/**
 * Where everything that sources yield becomes durable: decode → facts → append → assemble → traces.
 *
 * Two promises rule it. Events reach the store in one transaction with the positions after them, so a crash neither
 * loses nor doubles. Traces follow with a watermark, four times a second at most, and are caught up from the store
 * at start, so a crash between the two costs time and no truth.
 */
export interface Recorder {
  /** Resolves once the items are accepted; slow while the store is behind, which is what paces a source. */
  record(
    connection: string,
    items: readonly SourceItem[],
    options?: { readonly mayRepeat?: boolean },
  ): Promise<void>;
  /** Resolves when all that was accepted is durable, its traces included. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly store: TraceStore;
  /** Called with the ids of traces that were stored anew; at most four times a second. */
  readonly onTraces?: (changed: readonly string[]) => void;
  readonly onTopology?: (connection: string, topology: Topology) => void;
  /** Something failed that no caller waits for (a store that cannot write). */
  readonly onError: (error: unknown) => void;
}

/** Events a transaction; DESIGN has the figures. */
const batchEvents = 1_000;
/** How long a lone event waits for company before it is written, ms. */
const lingerMs = 40;
/** How often changed traces are written, ms. */
const tracesEveryMs = 250;
/** Events a page when catching up at start. */
const catchUpPage = 20_000;

interface Pending {
  readonly connection: string;
  readonly mayRepeat: boolean;
  events: Event[];
  deliveries: Delivery[];
  coverage: Coverage[];
  checkpoints: Map<string, Checkpoint>;
}

const checkpointKey = (c: Checkpoint) => `${c.channel.kind}/${c.channel.name}/${c.partition ?? ''}`;

export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { store } = options;
  const state = await store.state();
  let nextSeq = state.nextSeq;

  const known = createBloom();
  const assembler: Assembler = createAssembler({
    lookUp: (hashes) => store.lookUpKeys(hashes),
    known,
  });
  await restore(store, assembler, known, state.watermark);

  const pending = new Map<string, Pending>();
  let linger: NodeJS.Timeout | undefined;
  /** Everything that writes runs through this chain: one transaction at a time, in order. */
  let chain: Promise<void> = Promise.resolve();
  let queued = 0;
  let tracesDue = false;
  let failure: unknown;

  const tick = setInterval(() => {
    if (tracesDue && queued === 0) enqueue(writeTraces);
  }, tracesEveryMs);
  let lastTraces = 0;

  function enqueue(work: () => Promise<void>): Promise<void> {
    queued++;
    chain = chain
      .then(work)
      .catch((error: unknown) => {
        failure = error;
        options.onError(error);
      })
      .finally(() => {
        queued--;
      });
    return chain;
  }

  async function writeTraces(): Promise<void> {
    if (!tracesDue) return;
    tracesDue = false;
    lastTraces = Date.now();
    const changes = assembler.takeChanges();
    await store.applyTraces(changes);
    if (options.onTraces && (changes.upserted.length > 0 || changes.removed.length > 0)) {
      options.onTraces([...changes.removed.map((r) => r.id), ...changes.upserted.map((t) => t.summary.id)]);
    }
  }

  async function write(batch: Pending): Promise<void> {
    const { repeated } = await store.append({
      events: batch.events,
      deliveries: batch.deliveries,
      coverage: batch.coverage,
      checkpoints: [...batch.checkpoints.values()],
      connection: batch.connection,
      mayRepeat: batch.mayRepeat,
    });
    const left = new Set(repeated);
    const fresh: EventFacts[] = left.size === 0 ? batch.events : batch.events.filter((e) => !left.has(e.seq));
    if (fresh.length > 0) await assembler.add(fresh);
    for (const d of batch.deliveries) {
      if ((d.status === 'rejected' || d.status === 'dead-lettered') && 'event' in d.subject) {
        await assembler.markFailed(d.subject.event);
      }
    }
    tracesDue = true;
    if (Date.now() - lastTraces >= tracesEveryMs) await writeTraces();
  }

  function take(key: string): Promise<void> {
    const batch = pending.get(key);
    if (!batch) return chain;
    pending.delete(key);
    return enqueue(() => write(batch));
  }

  function takeAll(): void {
    clearTimeout(linger);
    linger = undefined;
    for (const key of [...pending.keys()]) void take(key);
  }

  function toEvent(connection: string, raw: RawMessage): Event {
    const decoded = decodeMessage(raw);
    return {
      seq: nextSeq++,
      id: nameEvent(raw),
      connection,
      channel: raw.channel,
      position: raw.position,
      time: raw.time,
      clock: raw.clock,
      observedAt: raw.observedAt,
      key: raw.key,
      routingKey: raw.routingKey,
      headers: raw.headers,
      properties: raw.properties,
      notes: raw.notes,
      payload: decoded.payload,
      problems: decoded.problems,
      facts: extractFacts(decoded),
    };
  }

  return {
    async record(connection, items, { mayRepeat = false } = {}) {
      if (failure !== undefined) throw failure;
      const key = `${connection}\0${mayRepeat}`;
      for (const item of items) {
        let batch = pending.get(key);
        if (!batch) {
          batch = { connection, mayRepeat, events: [], deliveries: [], coverage: [], checkpoints: new Map() };
          pending.set(key, batch);
          linger ??= setTimeout(takeAll, lingerMs);
        }
        switch (item.kind) {
          case 'message':
            batch.events.push(toEvent(connection, item));
            break;
          case 'delivery':
            batch.deliveries.push(item);
            break;
          case 'coverage':
            batch.coverage.push(item);
            break;
          case 'checkpoint':
            batch.checkpoints.set(checkpointKey(item), item);
            break;
          case 'topology':
            assembler.setSubscriptions(connection, item.subscriptions);
            options.onTopology?.(connection, item);
            void enqueue(() => store.putTopology(connection, item));
            break;
          case 'alert':
            break;
        }
      }
      // Cut only between calls: a checkpoint must be in the transaction of the events before it.
      if ((pending.get(key)?.events.length ?? 0) >= batchEvents) void take(key);
      // One transaction in the making and one behind it keep both threads busy; more would only cost memory.
      while (queued > 2) await chain;
      if (failure !== undefined) throw failure;
    },
    async flush() {
      takeAll();
      tracesDue = true;
      await enqueue(writeTraces);
      if (failure !== undefined) throw failure;
    },
    async close() {
      await this.flush();
      clearInterval(tick);
    },
  };
}

/** Brings correlation to where the store is: what keys exist, and the events whose traces were not yet written. */
async function restore(
  store: TraceStore,
  assembler: Assembler,
  known: ReturnType<typeof createBloom>,
  watermark: number,
): Promise<void> {
  for (const [connection, topology] of await store.topologies()) {
    assembler.setSubscriptions(connection, topology.subscriptions);
  }
  let cursor = 0;
  for (;;) {
    const page = await store.keyHashesAfter(cursor, 500_000);
    for (const hash of page.hashes) known.add(hash);
    if (page.next === undefined) break;
    cursor = page.next;
  }
  let after = watermark;
  for (;;) {
    const facts = await store.factsAfter(after, catchUpPage);
    const last = facts.at(-1);
    if (!last) break;
    await assembler.add(facts);
    await store.applyTraces(assembler.takeChanges());
    after = last.seq;
  }
}
