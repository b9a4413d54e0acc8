import type { Coverage, Topology } from '../model/delivery.ts';
import type { TraceChanges } from '../model/trace.ts';
import type { Database } from './database.ts';
import type { Derived } from './derived.ts';
import { repeatedOf } from './known-ids.ts';
import type { Ledger } from './ledger.ts';
import { removedMarks } from './removed-marks.ts';
import type { PreparedBatch } from './segment-writer.ts';
import type { Segments } from './segments.ts';
import type { AppendResult, StoreBatch } from './trace-store.ts';

export interface Writes {
  append(batch: StoreBatch): Promise<AppendResult>;
  applyTraces(changes: TraceChanges): Promise<void>;
  putTopology(connection: string, topology: Topology): Promise<void>;
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
  /** Called with the number of an event that was stored. */
  readonly onStored: (seq: number) => void;
}

/** Events that one transaction takes at most, unless one batch has more: a commit waits for the disk, whatever it holds. */
const eventsTogether = 4_000;

interface Waiting {
  readonly batch: StoreBatch;
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
    while (
      taken < waiting.length &&
      (taken === 0 || events + waiting[taken]!.batch.events.length <= eventsTogether)
    ) {
      events += waiting[taken++]!.batch.events.length;
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

  async function writeGroup(batches: readonly StoreBatch[]): Promise<AppendResult[]> {
    const mayRepeat = batches.filter((batch) => batch.mayRepeat);
    const repeated =
      mayRepeat.length === 0
        ? new Set<number>()
        : await repeatedOf(
            db,
            segments.list,
            mayRepeat.flatMap((batch) => batch.events),
          );
    const prepared = batches.map((batch): PreparedBatch => {
      const { events } = batch;
      return { batch, events: repeated.size === 0 ? events : events.filter(({ seq }) => !repeated.has(seq)) };
    });
    const before = segments.list.length;
    await segments.write(prepared);
    for (const { events } of prepared) for (const { seq } of events) options.onStored(seq);
    if (segments.list.length > before) await retain();
    return batches.map(({ events }) => ({
      repeated: events.flatMap(({ seq }) => (repeated.has(seq) ? [seq] : [])),
    }));
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

  const writeCoverage = (connection: string, coverage: readonly Coverage[]) =>
    segments.write([
      { batch: { connection, coverage, events: [], deliveries: [], checkpoints: [] }, events: [] },
    ]);

  return {
    append: (batch) =>
      new Promise((resolve, reject) => {
        waiting.push({ batch, resolve, reject });
        void enqueue(writeWaiting);
      }),
    applyTraces: (changes) => enqueue(() => derived.apply(changes)),
    putTopology: (connection, topology) =>
      enqueue(async () => {
        // Lags and times change with each look; they are kept for reading and written with the next real change.
        if (ledger.rewired(connection, topology)) await segments.writeTopology(connection, topology);
        else ledger.topology(connection, topology);
      }),
    retain: () => enqueue(retain),
    async idle() {
      await chain;
    },
  };
}
