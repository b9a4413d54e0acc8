import { hashText } from '../base/hash.ts';
import type { Database } from './database.ts';
import type { DeliveryDigest, InHand } from './delivery-digest.ts';
import type { Derived } from './derived.ts';
import { candidates, rowsBySeq } from './find-events.ts';
import type { Segment } from './segment.ts';
import { traceId } from './trace-number.ts';
import type { HeldEvent } from './trace-store.ts';

/** Of events in hand, so many are looked at: those that were handed out first. */
const most = 5_000;

/** Events in hand with the traces that they are in, the longest first. */
export interface HeldTraces {
  /** @param wait whether to wait for deliveries that are still being counted; without it nothing is told until they are. */
  list(wait: boolean): Promise<readonly HeldEvent[]>;
}

export function createHeldTraces(
  db: Database,
  segments: readonly Segment[],
  derived: Derived,
  digest: DeliveryDigest,
): HeldTraces {
  /** Numbers of the events that were in hand when somebody asked last: an event keeps its own. */
  let numbers: ReadonlyMap<string, number> = new Map();

  async function numbersOf(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const fresh = names.filter((name) => !numbers.has(name));
    const found = fresh.length === 0 ? undefined : await seqsByName(db, segments, fresh);
    const kept = new Map<string, number>();
    for (const name of names) {
      const seq = numbers.get(name) ?? found?.get(name);
      if (seq !== undefined) kept.set(name, seq);
    }
    numbers = kept;
    return kept;
  }

  return {
    async list(wait) {
      if (!wait && !digest.isCounted()) return [];
      const all = await digest.allInHand();
      const oldest = all.toSorted((a, b) => a.since - b.since).slice(0, most);
      if (oldest.length === 0) return [];
      const seqs = await numbersOf(oldest.map(({ event }) => event));
      const memberships = Map.groupBy(await derived.memberships([...seqs.values()]), ({ seq }) => seq);
      return oldest.flatMap(({ event, consumer, since }) => {
        const seq = seqs.get(event);
        const own = (seq === undefined ? undefined : memberships.get(seq)) ?? [];
        return own.map(({ no }): HeldEvent => ({ trace: traceId(no), event, consumer, since }));
      });
    },
  };
}

/** Numbers of the events with these names, as far as they were recorded. */
export async function seqsByName(
  db: Database,
  segments: readonly Segment[],
  names: readonly InHand['event'][],
): Promise<ReadonlyMap<string, number>> {
  const seqs = await candidates(segments, names.map(hashText));
  const rows = await rowsBySeq(db, segments, 'id, seq', seqs);
  const wanted = new Set(names);
  return new Map(
    rows.map(({ row }) => row as unknown as readonly [string, number]).filter(([id]) => wanted.has(id)),
  );
}
