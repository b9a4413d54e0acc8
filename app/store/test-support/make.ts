import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CorrelationKey, Event } from '../../model/event.ts';
import type { Channel } from '../../model/message.ts';
import type { Trace } from '../../model/trace.ts';
import type { StoreBatch, TraceStore } from '../trace-store.ts';
import { traceId } from '../trace-number.ts';

/** A folder that is gone afterwards. */
export async function temporaryFolder(): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-store-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

export const orders: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };

export function key(name: string, value: string): CorrelationKey {
  return { name, value, origin: 'payload', path: `data.${name}`, role: 'joins' };
}

/** An event of the orders topic; its order is `o<seq / 3>`. */
export function makeEvent(seq: number, change: Partial<Event> = {}): Event {
  return {
    seq,
    id: `kafka/default/orders/0/${seq}`,
    connection: 'c1',
    channel: orders,
    position: { partition: 0, offset: String(seq) },
    time: 1_000_000 + seq,
    clock: 'broker',
    observedAt: 1_000_005 + seq,
    headers: [],
    payload: { format: 'json', text: `{"n":${seq}}`, size: 10 },
    facts: { type: 'OrderCreated', ids: [], causes: [], keys: [key('orderId', `o${Math.floor(seq / 3)}`)] },
    ...change,
  };
}

export function batchOf(events: readonly Event[], change: Partial<StoreBatch> = {}): StoreBatch {
  return { connection: 'c1', events, deliveries: [], coverage: [], checkpoints: [], ...change };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** A trace of these members, named after the first, each linked to the next. */
export function traceOf(members: readonly number[], change: Partial<Trace['summary']> = {}): Trace {
  const first = members[0] ?? 0;
  return {
    summary: {
      id: traceId(first),
      keys: [{ name: 'orderId', value: `o${Math.floor(first / 3)}` }],
      start: 1_000_000 + first,
      end: 1_000_000 + (members.at(-1) ?? 0),
      events: members.length,
      hops: 1,
      systems: ['kafka'],
      failed: false,
      ...change,
    },
    members,
    links: members.slice(1).map((to, at) => ({
      from: members[at]!,
      to,
      evidence: 'key-and-time',
      confidence: 0.8,
      why: 'both carry orderId',
    })),
  };
}

/** All events of a store, by pages. */
export async function allEvents(store: TraceStore, page = 1000): Promise<Event[]> {
  const all: Event[] = [];
  for (;;) {
    const events = await store.exportEventsAfter(all.at(-1)?.seq ?? -1, page);
    if (events.length === 0) return all;
    all.push(...events);
  }
}

/** All key hashes of a store, by pages. */
export async function allHashes(store: TraceStore, page: number): Promise<Set<number>> {
  const all = new Set<number>();
  let cursor: number | undefined = 0;
  while (cursor !== undefined) {
    const { hashes, next } = await store.keyHashesAfter(cursor, page);
    for (const hash of hashes) all.add(hash);
    cursor = next;
  }
  return all;
}
