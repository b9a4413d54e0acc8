import type { Assembler } from '../correlate/assembler.ts';
import type { createBloom } from '../correlate/bloom.ts';
import type { DeliveryPage, TraceStore } from '../store/trace-store.ts';

/** Brings correlation to where the store is: at start, and when all traces are worked out again. */

/** Events a page. */
const catchUpPage = 20_000;
/** Events that keys and flows are learned from at start: the newest. */
const learned = 20_000;

/** Tells correlation what is wired to what, and what keys exist. */
export async function restore(
  store: TraceStore,
  assembler: Assembler,
  known: ReturnType<typeof createBloom>,
  watermark: number,
): Promise<void> {
  for (const [connection, topology] of await store.topologies()) {
    assembler.setSubscriptions(connection, topology.subscriptions, topology.bindings);
  }
  let cursor = 0;
  for (;;) {
    const page = await store.keyHashesAfter(cursor, 500_000);
    for (const hash of page.hashes) known.add(hash);
    if (page.next === undefined) break;
    cursor = page.next;
  }
  assembler.editKeys(await store.keyEdits());
  const newest = await store.factsAfter(Math.max(0, watermark - learned), learned);
  assembler.learn(newest.filter(({ seq }) => seq <= watermark));
  // A crash may have come between what the user said and the traces that show it.
  const edits = await store.linkEdits();
  if (edits.length > 0) {
    await assembler.edit(edits);
    await store.applyTraces(assembler.takeChanges());
  }
}

interface CatchUp {
  readonly after: number;
  readonly upTo?: number;
  /** Called with the number of each event. */
  readonly onRead?: (seq: number) => void;
  readonly signal?: AbortSignal;
}

/** Works out the traces of stored events with `after < seq <= upTo`. */
export async function catchUp(
  store: TraceStore,
  assembler: Assembler,
  { after, upTo = Infinity, onRead, signal }: CatchUp,
): Promise<void> {
  for (let from = after; from < upTo && signal?.aborted !== true;) {
    const facts = (await store.factsAfter(from, catchUpPage)).filter(({ seq }) => seq <= upTo);
    const last = facts.at(-1);
    if (!last) return;
    await assembler.add(facts);
    await store.applyTraces(assembler.takeChanges());
    if (onRead) for (const { seq } of facts) onRead(seq);
    from = last.seq;
  }
}

/** Events that somebody could not handle: what is told by deliveries and not by the events themselves. */
export async function markFailures(store: TraceStore, assembler: Assembler): Promise<void> {
  let cursor: number | undefined = 0;
  while (cursor !== undefined) {
    const page: DeliveryPage = await store.exportDeliveriesAfter(cursor, catchUpPage);
    for (const { delivery } of page.rows) {
      const { subject, status } = delivery;
      if ((status === 'rejected' || status === 'dead-lettered') && 'event' in subject) {
        await assembler.markFailed(subject.event);
      }
    }
    cursor = page.next;
  }
}
