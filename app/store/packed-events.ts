import { hashText } from '../base/hash.ts';
import type { Event } from '../model/event.ts';
import { factsToText } from '../model/facts-text.ts';
import { eachHash, extraToText, headersToText, sourceKey, sourceOf, type EventSource } from './event-row.ts';

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
  const numbers = () => new Float64Array(count);
  const list = <T>(): T[] => Array.from<T>({ length: count });
  const columns = {
    ...{ seq: numbers(), idHash: numbers(), partition: numbers(), time: numbers(), observedAt: numbers() },
    ...{ size: numbers(), source: new Uint32Array(count), hashCount: new Uint32Array(count) },
    ...{ id: list<string>(), facts: list<string>(), offset: list<string | undefined>() },
    ...{ key: list<string | undefined>(), headers: list<string | undefined>() },
    ...{ extra: list<string | undefined>(), payload: list<string | Uint8Array | undefined>() },
  };
  const { list: sources, idOf } = createSources();
  const hashes = createHashes(count * 6);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const event = events[i]!;
    const { position, payload, key, facts } = event;
    const idHash = hashText(event.id);
    columns.seq[i] = event.seq;
    columns.source[i] = idOf(event);
    columns.id[i] = event.id;
    columns.idHash[i] = idHash;
    columns.partition[i] = position?.partition ?? NaN;
    columns.offset[i] = position?.offset;
    columns.time[i] = event.time;
    columns.observedAt[i] = event.observedAt;
    columns.key[i] = typeof key === 'string' ? key : undefined;
    columns.headers[i] = event.headers.length === 0 ? undefined : headersToText(event.headers);
    const content = payload.text ?? payload.bytes;
    columns.payload[i] = content;
    columns.size[i] = payload.size;
    columns.facts[i] = event.factsText ?? factsToText(facts);
    columns.extra[i] = extraToText(event);
    hashes.begin();
    eachHash(facts, idHash, hashes.put);
    columns.hashCount[i] = hashes.end();
    bytes += rowBytes + (content?.length ?? 0);
  }
  return { count, bytes, sources, hashes: hashes.take(), ...columns };
}

/** Gives the sources of events their places. Neighbours mostly have the same one. */
function createSources(): { readonly list: EventSource[]; readonly idOf: (event: Event) => number } {
  const list: EventSource[] = [];
  const ids = new Map<string, number>();
  let last: Event | undefined;
  let lastId = 0;
  const isSame = (a: Event, b: Event) =>
    a.channel === b.channel &&
    a.connection === b.connection &&
    a.clock === b.clock &&
    a.payload.format === b.payload.format &&
    a.facts.type === b.facts.type &&
    a.facts.producer === b.facts.producer;
  return {
    list,
    idOf(event) {
      if (last && isSame(last, event)) return lastId;
      const key = sourceKey(event);
      let id = ids.get(key);
      if (id === undefined) {
        id = list.push(sourceOf(event)) - 1;
        ids.set(key, id);
      }
      last = event;
      lastId = id;
      return id;
    },
  };
}

/** Hashes of one event after the other, each once an event, without an object for any of them. */
function createHashes(capacity: number) {
  let values = new Float64Array(Math.max(16, capacity));
  let length = 0;
  let first = 0;
  return {
    begin() {
      first = length;
    },
    put(hash: number) {
      // An event has few; of a batch that names hundreds, those that come twice are rather kept than looked for.
      const end = Math.min(length, first + 64);
      for (let i = first; i < end; i++) if (values[i] === hash) return;
      if (length === values.length) {
        const wider = new Float64Array(values.length * 2);
        wider.set(values);
        values = wider;
      }
      values[length++] = hash;
    },
    /** How many the event has. */
    end: () => length - first,
    take: () => values.slice(0, length),
  };
}

/** The buffers that can be handed over to another thread rather than copied. */
export function buffersOf(packed: PackedEvents): ArrayBuffer[] {
  const { seq, idHash, partition, time, observedAt, size, source, hashCount, hashes } = packed;
  return [seq, idHash, partition, time, observedAt, size, source, hashCount, hashes].map(
    (column) => column.buffer as ArrayBuffer,
  );
}
