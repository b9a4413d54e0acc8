import { createAssembler, type Assembler, type Known } from '../correlate/assembler.ts';
import { createBloom } from '../correlate/bloom.ts';
import { messageKey } from '../correlate/extract.ts';
import type { Rules } from '../correlate/rules/index.ts';
import { shortProducer } from '../correlate/short-names.ts';
import type { ClockOffset } from '../model/clock.ts';
import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { KeyEdit } from '../model/key-edit.ts';
import type { KeyReport } from '../model/key-report.ts';
import type { LinkEdit } from '../model/link-edit.ts';
import type { RawMessage } from '../model/message.ts';
import type { Checkpoint, SourceItem } from '../model/source.ts';
import type { EventFacts, TraceChanges } from '../model/trace.ts';
import type { AppendResult, TraceStore } from '../store/trace-store.ts';
import { catchUp, markFailures, restore } from './catch-up.ts';
import { createProducerRates, type ProducerRate } from './producer-rates.ts';
import { toEvent } from './to-event.ts';

/**
 * Where everything that sources yield becomes durable: decode → facts → append → assemble → traces.
 *
 * Two promises rule it. Events reach the store in one transaction with the positions after them, so a crash neither
 * loses nor doubles. Traces follow with a watermark, many times a second, and are caught up from the store
 * at start, so a crash between the two costs time and no truth.
 */
export interface Recorder {
  /** Resolves once the items are accepted; slow while the store is behind, which is what paces a source. */
  record(
    connection: string,
    items: readonly SourceItem[],
    options?: { readonly mayRepeat?: boolean },
  ): Promise<void>;
  /** Resolves once nothing that was accepted is still on its way to the store. Never throws: who failed is told by `record`. */
  settle(): Promise<void>;
  /** What the user says of keys. Resolves once it is durable, and traces show it. */
  editKeys(edits: readonly KeyEdit[]): Promise<void>;
  /** What links and memberships are made by, as it is now. */
  known(): Known;
  /** Which names hold keys, or may, and why. */
  keys(): KeyReport;
  /** Which clocks are proven to differ, and how far. */
  clockOffsets(): readonly ClockOffset[];
  /** What the user says of links. Resolves once it is durable, and traces show it. */
  editLinks(edits: readonly LinkEdit[]): Promise<void>;
  /** Who publishes how much now, as far as events name it. */
  producerRates(): readonly ProducerRate[];
  /** Resolves when all that was accepted is durable, its traces included. */
  flush(): Promise<void>;
  /** What comes from now on is understood by these rules. Answers the number of the last event that was not. */
  setRules(rules: Rules): number;
  /**
   * Works all traces out again from what is stored, while recording goes on. Where it is aborted it has to be done
   * again, here or after the next start.
   */
  rebuildTraces(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly store: TraceStore;
  /** What messages are understood by; without them by the rules that come with Headwater. */
  readonly rules?: Rules;
  /**
   * Called with the ids of traces that were stored anew, at most five times a second. While a backlog is read there are
   * tens of thousands: then it is called with a few, and `more`.
   */
  readonly onTraces?: (changed: readonly string[], more: boolean) => void;
  /** Called when events were stored. */
  readonly onEvents?: () => void;
  /** Something failed that no caller waits for (a store that cannot write). */
  readonly onError: (error: unknown) => void;
}

/** Events a transaction at most, while it is not behind; DESIGN has the figures. */
const batchEvents = 1_000;
/** How long a lone event waits for company before it is written, ms. */
const lingerMs = 25;
/** How often changed traces are written at most, ms: as often as that takes a third of the time, within these bounds. */
const tracesEveryMs = { least: 50, most: 200 };
/** How often correlation learns from what came: then traces that did not change themselves may be written anew, ms. */
const learnEveryMs = 30_000;
/** Changed traces that are told by name at once; who misses more reads its list anew. */
const tracesTold = 500;
/** Batches sent to the store and not yet acknowledged. It commits those that wait together, and memory stays bounded. */
const batchesInFlight = 4;

interface Pending {
  readonly connection: string;
  readonly mayRepeat: boolean;
  readonly events: Event[];
  readonly deliveries: Delivery[];
  readonly coverage: Coverage[];
  readonly keyEdits: KeyEdit[];
  readonly linkEdits: LinkEdit[];
  readonly checkpoints: Map<string, Checkpoint>;
}

const checkpointKey = (c: Checkpoint) => `${c.channel.kind}/${c.channel.name}/${c.partition ?? ''}`;

/** Clients under the names that events give their producers. */
function withShortNames(topology: Topology): Topology {
  if (topology.clients === undefined) return topology;
  const clients = topology.clients.map((c) => ({ ...c, name: shortProducer(c.name) ?? c.name }));
  return { ...topology, clients };
}

export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { store } = options;
  const state = await store.state();
  let nextSeq = state.nextSeq;
  let { rules } = options;

  let tracesWriting: Promise<void> | undefined;
  function newAssembler(watermark: number) {
    const known = createBloom();
    const assembler: Assembler = createAssembler({
      known,
      watermark,
      // A trace that left memory is looked up as it was last written, so what is being written has to be there first.
      async lookUp(hashes) {
        await tracesWriting;
        return store.lookUpKeys(hashes);
      },
    });
    return { known, assembler };
  }
  let { known, assembler } = newAssembler(state.watermark);
  await restore(store, assembler, known, state.watermark);
  await catchUp(store, assembler, { after: state.watermark });
  /** Traces are worked out anew: what comes is stored, and read from there. */
  let rebuilding = false;
  /** Events that were read from the store before their turn came. */
  const ahead = new Set<number>();
  // Counting the deliveries of a large store takes seconds, which nothing waits for.
  void store.consumption().then(
    (consumption) => {
      for (const { channel, consumer } of consumption) assembler.noteConsumer(channel, consumer);
      if (consumption.length > 0 && !closed) tracesChanged();
    },
    () => undefined,
  );

  let closed = false;
  const producers = createProducerRates();
  const pending = new Map<string, Pending>();
  let linger: NodeJS.Timeout | undefined;
  /** What happens after the store's acknowledgements, in the order of the batches. */
  let afterwards: Promise<void> = Promise.resolve();
  const inFlight: Promise<void>[] = [];
  /** Connections that have seen batches fail: each is told once, reopens, and resumes from what is stored. */
  const failed = new Map<string, unknown>();
  const seen = new Set<string>();
  let tracesDue = false;

  let tracesTimer: NodeJS.Timeout | undefined;
  let tracesWrittenAt = 0;
  let tracesPauseMs = tracesEveryMs.most;
  let learnTimer: NodeJS.Timeout | undefined;
  let learnedAt = 0;

  /** Writes changed traces as soon as the pace allows. */
  function tracesChanged(): void {
    tracesDue = true;
    if (tracesTimer || tracesWriting) return;
    const wait = Math.max(0, tracesWrittenAt + tracesPauseMs - Date.now());
    tracesTimer = setTimeout(() => void writeTraces(), wait);
  }

  function writeTraces(final = false): Promise<void> {
    if (tracesWriting || !tracesDue) return tracesWriting ?? Promise.resolve();
    clearTimeout(tracesTimer);
    tracesTimer = undefined;
    tracesDue = false;
    tracesWrittenAt = Date.now();
    const learn = final || Date.now() - learnedAt >= learnEveryMs;
    if (learn) learnedAt = Date.now();
    else {
      // What it teaches shows a little later, also if nothing more comes.
      clearTimeout(learnTimer);
      learnTimer = setTimeout(tracesChanged, learnedAt + learnEveryMs - Date.now());
    }
    const changes = assembler.takeChanges(learn);
    // Taken out beforehand: whoever waits for the store must not hold on to all that changed.
    const { ids, more } = toldOf(changes);
    tracesWriting = store
      .applyTraces(changes)
      .then(() => {
        if (ids.length > 0) options.onTraces?.(ids, more);
      }, fail)
      .finally(() => {
        tracesWriting = undefined;
        const took = Date.now() - tracesWrittenAt;
        tracesPauseMs = Math.min(tracesEveryMs.most, Math.max(tracesEveryMs.least, took * 3));
        if (tracesDue) tracesChanged();
      });
    return tracesWriting;
  }

  function fail(error: unknown): void {
    for (const connection of seen) failed.set(connection, error);
    options.onError(error);
  }

  async function assemble(
    facts: readonly EventFacts[],
    deliveries: readonly Delivery[],
    appended: Promise<AppendResult>,
  ): Promise<void> {
    const { repeated } = await appended;
    const left = repeated.length === 0 ? undefined : new Set(repeated);
    const fresh = left ? facts.filter(({ seq }) => !left.has(seq)) : facts;
    const due = ahead.size === 0 ? fresh : fresh.filter(({ seq }) => !ahead.delete(seq));
    if (due.length > 0 && !rebuilding) await assembler.add(due);
    for (const { subject, status, consumer, time, after } of deliveries) {
      const hasFailed = status === 'rejected' || status === 'dead-lettered';
      if (hasFailed && 'event' in subject) await assembler.markFailed(subject.event);
      // A dead letter is handed to nobody.
      if (status === 'dead-lettered') continue;
      if ('event' in subject) assembler.noteDelivery(subject.event, consumer, time ?? after);
      else assembler.noteConsumer(subject.channel, consumer);
    }
    if (!rebuilding) tracesChanged();
  }

  /** Durable before it is carried out: at the next start it is carried out again. */
  async function applyKeyEdits(edits: readonly KeyEdit[]): Promise<void> {
    await store.putKeyEdits(edits);
    assembler.editKeys(edits);
    tracesChanged();
  }

  async function applyLinkEdits(edits: readonly LinkEdit[]): Promise<void> {
    await store.putLinkEdits(edits);
    await assembler.edit(edits);
    tracesChanged();
  }

  /** Sends a batch at once; the store takes them in order, so the next may follow before this one is acknowledged. */
  function send(key: string): void {
    const batch = pending.get(key);
    if (!batch) return;
    pending.delete(key);
    const appended = store.append({
      events: batch.events,
      deliveries: batch.deliveries,
      coverage: batch.coverage,
      checkpoints: [...batch.checkpoints.values()],
      connection: batch.connection,
      mayRepeat: batch.mayRepeat,
      settled: settled(),
    });
    if (batch.events.length > 0) appended.then(options.onEvents, () => undefined);
    // Not the events: they, and with them all payloads, would outlive their crossing to the store's thread.
    const facts = batch.events.map(factsOf);
    const { deliveries, keyEdits, linkEdits } = batch;
    afterwards = afterwards
      .then(() => (keyEdits.length > 0 ? applyKeyEdits(keyEdits) : undefined))
      .then(() => assemble(facts, deliveries, appended))
      .then(() => (linkEdits.length > 0 ? applyLinkEdits(linkEdits) : undefined))
      .catch(fail);
    inFlight.push(afterwards);
  }

  /** The number up to which everything was sent, and will be stored in that order. */
  function settled(): number {
    const waiting = [...pending.values()].flatMap(({ events }) => events[0]?.seq ?? []);
    return Math.min(nextSeq, ...waiting) - 1;
  }

  function sendAll(): void {
    clearTimeout(linger);
    linger = undefined;
    for (const key of [...pending.keys()]) send(key);
  }

  function understand(raw: RawMessage, connection: string): Event {
    const event = toEvent(raw, nextSeq++, connection, rules);
    const { producer } = event.facts;
    if (producer !== undefined) producers.add(raw.channel, producer, raw.observedAt);
    return event;
  }

  async function rebuildTraces(signal?: AbortSignal): Promise<void> {
    sendAll();
    let stored = nextSeq - 1;
    rebuilding = true;
    try {
      await afterwards;
      await tracesWriting;
      await store.forgetTraces();
      ({ known, assembler } = newAssembler(0));
      await restore(store, assembler, known, stored);
      for (const { channel, consumer } of await store.consumption()) {
        assembler.noteConsumer(channel, consumer);
      }
      let after = 0;
      for (;;) {
        await catchUp(store, assembler, { after, upTo: stored, signal });
        if (signal?.aborted === true) return;
        after = stored;
        sendAll();
        const last = nextSeq - 1;
        if (last - stored < batchEvents) break;
        await afterwards;
        stored = last;
      }
      // The rest in the order of the batches: those before have been left out, those behind are not to come twice.
      const sent = nextSeq - 1;
      const stage = afterwards.then(async () => {
        const onRead = (seq: number) => {
          if (seq > sent) ahead.add(seq);
        };
        await catchUp(store, assembler, { after, onRead });
        await markFailures(store, assembler);
        rebuilding = false;
      });
      afterwards = stage.catch(() => undefined);
      await stage;
    } finally {
      rebuilding = false;
    }
    tracesChanged();
    options.onEvents?.();
    options.onTraces?.([], true);
  }

  /** Resolves once something the user said is carried out, in its turn, and traces show it. */
  async function carryOut(work: () => Promise<void>): Promise<void> {
    const applied = afterwards.then(work);
    afterwards = applied.catch(() => undefined);
    await applied;
    await tracesWriting;
    await writeTraces(true);
  }

  async function flush(): Promise<void> {
    sendAll();
    await afterwards;
    await tracesWriting;
    tracesDue = true;
    await writeTraces(true);
    const [error] = failed.values();
    if (error !== undefined) throw error;
  }

  return {
    async record(connection, items, { mayRepeat = false } = {}) {
      seen.add(connection);
      if (failed.has(connection)) {
        const error = failed.get(connection);
        failed.delete(connection);
        throw error;
      }
      const key = `${connection}\0${mayRepeat}`;
      for (const item of items) {
        let batch = pending.get(key);
        if (!batch) {
          batch = {
            ...{ connection, mayRepeat, events: [], deliveries: [], coverage: [] },
            ...{ keyEdits: [], linkEdits: [] },
            checkpoints: new Map(),
          };
          pending.set(key, batch);
          linger ??= setTimeout(sendAll, lingerMs);
        }
        switch (item.kind) {
          case 'message':
            batch.events.push(understand(item, connection));
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
            assembler.setSubscriptions(connection, item.subscriptions, item.bindings);
            store.putTopology(connection, withShortNames(item)).catch(fail);
            break;
          case 'key-edit':
            batch.keyEdits.push(item);
            break;
          case 'link-edit':
            batch.linkEdits.push(item);
            break;
          case 'alert':
            break;
        }
      }
      // Cut only between calls: a checkpoint must be in the transaction of the events before it.
      if ((pending.get(key)?.events.length ?? 0) >= batchEvents) send(key);
      while (inFlight.length > batchesInFlight) await inFlight.shift();
    },
    settle() {
      sendAll();
      return afterwards;
    },
    editKeys: (edits) => carryOut(() => applyKeyEdits(edits)),
    editLinks: (edits) => carryOut(() => applyLinkEdits(edits)),
    known: () => assembler.known,
    keys: () => assembler.keys(),
    clockOffsets: () => assembler.clockOffsets(),
    producerRates: () => producers.list(Date.now()),
    flush,
    setRules(changed) {
      rules = changed;
      return nextSeq - 1;
    },
    rebuildTraces,
    async close() {
      closed = true;
      await flush();
      clearTimeout(tracesTimer);
      clearTimeout(learnTimer);
    },
  };
}

/** What to tell of changed traces: as many ids as a page could use, and whether there are more. */
function toldOf({ removed, upserted }: TraceChanges): { ids: readonly string[]; more: boolean } {
  const ids = [...removed.slice(-tracesTold), ...upserted.slice(-tracesTold).map(({ summary }) => summary)];
  return { ids: ids.map(({ id }) => id), more: removed.length > tracesTold || upserted.length > tracesTold };
}

/** Only what correlation may keep: holding on to whole events would hold all payloads in memory. */
function factsOf({ seq, id, channel, position, time, clock, key: raw, facts, factsText }: Event): EventFacts {
  const key = messageKey(raw);
  const more = { ...(position && { position }), ...(key !== undefined && { key }) };
  return { seq, id, channel, time, clock, facts, factsText, ...more };
}
