import type { AbortedTransaction } from './fetch-response.ts';
import type { BatchHeader } from './record-batch.ts';

/**
 * Tells which batches of one fetch response belong to a transaction that was rolled back. Batches are shown to it in
 * the order of their offsets; a producer's abort marker ends its transaction.
 */
export class AbortedFilter {
  private readonly waiting: AbortedTransaction[];
  private readonly open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    // Latest first, so that the next one is at the end.
    this.waiting = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Whether the batch's records are to be left out. `isAbortMarker` is asked only of control batches. */
  drops(batch: BatchHeader, isAbortMarker: () => boolean): boolean {
    for (
      let next = this.waiting.at(-1);
      next && next.firstOffset < batch.nextOffset;
      next = this.waiting.at(-1)
    ) {
      this.open.add(next.producerId);
      this.waiting.pop();
    }
    if (batch.control) {
      if (this.open.has(batch.producerId) && isAbortMarker()) this.open.delete(batch.producerId);
      return true;
    }
    return batch.transactional && this.open.has(batch.producerId);
  }
}
