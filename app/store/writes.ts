import type { Coverage, Delivery, Topology } from '../model/delivery.ts';
import type { TraceChanges } from '../model/trace.ts';
import type { Database } from './database.ts';
import type { Derived } from './derived.ts';
import { repeatedOf } from './known-ids.ts';
import type { Ledger } from './ledger.ts';
import { removedMarks } from './removed-marks.ts';
import { packEvents } from './packed-events.ts';
import { packTraces } from './packed-traces.ts';
import type { PackedBatch, PackedWrites } from './packing-store.ts';
import type { Segments } from './segments.ts';
import type { AppendResult, FactsUpdate, StoreBatch } from './trace-store.ts';

export interface Writes extends PackedWrites {
  append(batch: StoreBatch): Promise<AppendResult>;
  applyTraces(changes: TraceChanges): Promise<void>;
  putTopology(connection: string, topology: Topology): Promise<void>;
  rewriteFacts(updates: readonly FactsUpdate[]): Promise<void>;
  forgetTraces(): Promise<void>;
  /** Drops the oldest segments while the store is larger than its cap. */
  retain(): Promise<void>;
  /** Resolves once nothing is being written. */
  idle(): Promise<void>;
}

export interface WritesOptions {
  readonly db: Database;
  readonly segments: Segments;
  readonly derived: Derived;
  readonly ledger: Ledger;
  readonly sizeCapBytes: number;
  /** Bytes that the store takes now. */
  readonly size: () => Promise<number>;
  readonly warn: (warning: string) => void;
  /** Called with the highest number of a batch that was stored. */
  readonly onStored: (seq: number) => void;
  /** Called with deliveries that were stored, in their order. */
  readonly onDeliveries: (deliveries: readonly Delivery[]) => void;
  /** Called with the number up to which everything is stored. */
  readonly onSettled: (seq: number) => void;
}

/** Events that one transaction takes at most, unless one batch has more: a commit waits for the disk, whatever it holds. */
const eventsTogether = 4_000;

interface Waiting {
  readonly batch: StoreBatch | PackedBatch;
  readonly events: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Everything that writes, one after the other. Batches that wait at the same time share a transaction. */
export function createWrites(options: WritesOptions): Writes {
  const { db, segments, derived, ledger, sizeCapBytes } = options;
  let chain: Promise<unknown> = Promise.resolve();
  let waiting: Waiting[] = [];

  function enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = chain.then(work);
    chain = result.catch(() => undefined);
    return result;
  }

  async function writeWaiting(): Promise<void> {
    if (waiting.length === 0) return;
    let taken = 0;
    let events = 0;
    while (taken < waiting.length && (taken === 0 || events + waiting[taken]!.events <= eventsTogether)) {
      events += waiting[taken++]!.events;
    }
    const group = waiting.slice(0, taken);
    waiting = waiting.slice(taken);
    try {
      const results = await writeGroup(group.map(({ batch }) => batch));
      group.forEach(({ resolve }, at) => resolve(results[at]!));
    } catch (error) {
      // What was sent behind them holds later positions: storing those would lose what failed for good.
      for (const { reject } of [...group, ...waiting]) reject(error);
      waiting = [];
    }
  }

  async function writeGroup(batches: readonly (StoreBatch | PackedBatch)[]): Promise<AppendResult[]> {
    const repeated = await repeatedIn(batches);
    const before = segments.list.length;
    const packed = batches.map((batch) => (isPacked(batch) ? batch : pack(batch, repeated)));
    await segments.write(packed);
    for (const { events, deliveries, settled } of packed) {
      options.onDeliveries(deliveries);
      const last = events.seq.reduce((max, seq) => Math.max(max, seq), 0);
      options.onStored(last);
      options.onSettled(settled ?? last);
    }
    if (segments.list.length > before) await retain();
    return batches.map((batch) => ({
      repeated: isPacked(batch) ? [] : batch.events.map(({ seq }) => seq).filter((seq) => repeated.has(seq)),
    }));
  }

  async function repeatedIn(batches: readonly (StoreBatch | PackedBatch)[]): Promise<ReadonlySet<number>> {
    const events = batches.flatMap((batch) => (!isPacked(batch) && batch.mayRepeat ? batch.events : []));
    return events.length === 0 ? new Set() : repeatedOf(db, segments.list, events);
  }

  async function retain(): Promise<void> {
    let dropped = 0;
    while (segments.list.length > 1 && (await options.size()) > sizeCapBytes) {
      const oldest = segments.list[0]!;
      const marks = await removedMarks(db, oldest);
      await segments.dropOldest();
      for (const { connection, coverage } of marks) await writeCoverage(connection, coverage);
      dropped += oldest.events;
    }
    if (dropped === 0) return;
    await derived.dropBefore(segments.list[0]!.min);
    options.warn(
      `The oldest events were removed to keep the store within its size cap of ${sizeCapBytes} bytes.`,
    );
  }

  const append = (batch: StoreBatch | PackedBatch, events: number) =>
    new Promise<AppendResult>((resolve, reject) => {
      waiting.push({ batch, events, resolve, reject });
      void enqueue(writeWaiting);
    });

  const writeCoverage = (connection: string, coverage: readonly Coverage[]) =>
    segments.write([{ connection, coverage, events: packEvents([]), deliveries: [], checkpoints: [] }]);

  return {
    append: (batch) => append(batch, batch.events.length),
    async appendPacked(batch) {
      await append(batch, batch.events.count);
    },
    applyTraces: (changes) => enqueue(() => derived.apply(packTraces(changes))),
    applyPacked: (traces) => enqueue(() => derived.apply(traces)),
    putTopology: (connection, topology) =>
      enqueue(async () => {
        // Lags and times change with each look; they are kept for reading and written with the next real change.
        if (ledger.rewired(connection, topology)) await segments.writeTopology(connection, topology);
        else ledger.topology(connection, topology);
      }),
    rewriteFacts: (updates) => enqueue(() => segments.rewriteFacts(updates)),
    forgetTraces: () =>
      enqueue(async () => {
        await segments.finishRewriting();
        await derived.forget();
      }),
    retain: () => enqueue(retain),
    async idle() {
      await chain;
    },
  };
}

function isPacked(batch: StoreBatch | PackedBatch): batch is PackedBatch {
  return !Array.isArray(batch.events);
}

function pack(batch: StoreBatch, without: ReadonlySet<number>): PackedBatch {
  const { events, ...rest } = batch;
  const fresh = without.size === 0 ? events : events.filter(({ seq }) => !without.has(seq));
  return { ...rest, events: packEvents(fresh) };
}
