import { hashText } from '../base/hash.ts';
import type { Event } from '../model/event.ts';
import { factsToText } from '../model/facts-text.ts';
import {
  extraToText,
  hashesOf,
  headersToText,
  sourceKey,
  sourceOf,
  type EventSource,
} from './event-row.ts';

/**
 * Events as the columns that are stored, worked out where they were recorded. They cross to the store's thread in a
 * fraction of the time that objects take (typed arrays are handed over, texts copied), and are appended as they are.
 */
export interface PackedEvents {
  readonly count: number;
  /** About what they take in memory, bytes. */
  readonly bytes: number;
  readonly seq: Float64Array;
  /** Place in `sources`. */
  readonly source: Uint32Array;
  readonly sources: readonly EventSource[];
  readonly id: readonly string[];
  readonly idHash: Float64Array;
  /** NaN where there is none. */
  readonly partition: Float64Array;
  readonly offset: readonly (string | undefined)[];
  readonly time: Float64Array;
  readonly observedAt: Float64Array;
  readonly key: readonly (string | undefined)[];
  readonly headers: readonly (string | undefined)[];
  readonly payload: readonly (string | Uint8Array | undefined)[];
  readonly size: Float64Array;
  readonly facts: readonly string[];
  readonly extra: readonly (string | undefined)[];
  /** Key hashes of all events, one after the other, and how many each has. */
  readonly hashes: Float64Array;
  readonly hashCount: Uint32Array;
}

/** What each event takes beside its payload, bytes: an estimate for memory limits. */
const rowBytes = 400;

/** Works out the columns. */
export function packEvents(events: readonly Event[]): PackedEvents {
  const count = events.length;
  const [seq, idHash, partition, time, observedAt, size] = Array.from(
    { length: 6 },
    () => new Float64Array(count),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const source = new Uint32Array(count);
  const hashCount = new Uint32Array(count);
  const sources: EventSource[] = [];
  const sourceIds = new Map<string, number>();
  const hashes: number[] = [];
  const texts = {
    id: [] as string[],
    facts: [] as string[],
    offset: [] as (string | undefined)[],
    key: [] as (string | undefined)[],
    headers: [] as (string | undefined)[],
    extra: [] as (string | undefined)[],
    payload: [] as (string | Uint8Array | undefined)[],
  };
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const event = events[i]!;
    const { position, payload, key } = event;
    seq[i] = event.seq;
    const known = sourceKey(event);
    let at = sourceIds.get(known);
    if (at === undefined) {
      at = sources.push(sourceOf(event)) - 1;
      sourceIds.set(known, at);
    }
    source[i] = at;
    texts.id[i] = event.id;
    const hash = hashText(event.id);
    idHash[i] = hash;
    partition[i] = position?.partition ?? NaN;
    texts.offset[i] = position?.offset;
    time[i] = event.time;
    observedAt[i] = event.observedAt;
    texts.key[i] = typeof key === 'string' ? key : undefined;
    texts.headers[i] = event.headers.length === 0 ? undefined : headersToText(event.headers);
    const content = payload.text ?? payload.bytes;
    texts.payload[i] = content;
    size[i] = payload.size;
    texts.facts[i] = event.factsText ?? factsToText(event.facts);
    texts.extra[i] = extraToText(event);
    const own = hashesOf(event.facts, hash);
    hashCount[i] = own.length;
    for (const one of own) hashes.push(one);
    bytes += rowBytes + (content?.length ?? 0);
  }
  return {
    count,
    bytes,
    ...{ seq, idHash, partition, time, observedAt, size, source, hashCount, sources },
    ...texts,
    hashes: Float64Array.from(hashes),
  };
}

/** The buffers that can be handed over to another thread rather than copied. */
export function buffersOf(packed: PackedEvents): ArrayBuffer[] {
  const { seq, idHash, partition, time, observedAt, size, source, hashCount, hashes } = packed;
  return [seq, idHash, partition, time, observedAt, size, source, hashCount, hashes].map(
    (column) => column.buffer as ArrayBuffer,
  );
}
