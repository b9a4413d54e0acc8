import { openTraceStore } from '../open.ts';
import { batchOf, makeEvent, orders, range, traceOf } from './make.ts';

/**
 * A process that appends until it is killed. Batch after batch: 50 events, a position, a coverage mark, traces. Says the number of
 * the last event of each batch that was answered for. Started with a folder as its argument.
 */
const store = await openTraceStore({ dir: process.argv[2]!, segmentEvents: 2_000 });
const { nextSeq, watermark } = await store.state();
const missed = (await store.factsAfter(watermark, 1_000)).map(({ seq }) => seq);
await store.applyTraces({
  upserted: missed.map((seq) => traceOf([seq])),
  removed: [],
  watermark: nextSeq - 1,
});
for (let first = nextSeq; ; first += 50) {
  const seqs = range(first, first + 49);
  const last = first + 49;
  await store.append(
    batchOf(
      seqs.map((seq) => makeEvent(seq)),
      { checkpoints: [{ kind: 'checkpoint', channel: orders, partition: 0, next: String(last + 1) }] },
    ),
  );
  process.stdout.write(`${last}\n`);
  await store.applyTraces({ upserted: seqs.map((seq) => traceOf([seq])), removed: [], watermark: last });
}
