import { factsFromText, factsToText } from '../model/facts-text.ts';
import type { Channel, Position, RawMessage } from '../model/message.ts';
import type { EventFacts, TraceSummary } from '../model/trace.ts';
import type { Handed } from './nodes.ts';

/** An event that shares no value with any other yet: as little of it as will be wanted. */
export interface WaitingEvent {
  readonly seq: number;
  readonly id: string;
  readonly channel: Channel;
  readonly position: Position | undefined;
  readonly time: number;
  readonly clock: RawMessage['clock'];
  readonly failed: boolean;
  /** Of the values by which others may know it. */
  readonly hashes: readonly number[];
  /** Names of its trace. */
  keys: TraceSummary['keys'];
  readonly type: string | undefined;
  readonly producer: string | undefined;
  factsText: string;
  /** Who was handed it. */
  handed: readonly Handed[];
  published: boolean;
  gone: boolean;
}

const none: readonly Handed[] = [];
const noKeys: TraceSummary['keys'] = [];

/**
 * Where events wait for the first that has to do with them.
 *
 * While a backlog is read nearly every event begins a trace of its own. A node with its values in the graph is a dozen
 * objects that live long, which is what garbage collection is slow at; here an event is one object and its text. Hashes
 * lie in typed arrays, used as a ring: each entry names the older one of its slot, so that whatever is older than the
 * oldest event ends a chain by itself, and nothing is ever taken out.
 */
export interface WaitingRoom {
  /** Events that wait. */
  readonly size: number;
  /** Hashes that there is place for: bounds the memory held. */
  readonly capacity: number;
  /** The event that carries this hash. At most one can: a second would have called the first out. */
  find(hash: number): WaitingEvent | undefined;
  /** Lets the oldest leave, as many as it takes to let so many in; those that are yet to be published stay. */
  makeRoom(events: number): void;
  /** Lets an event in, whether there is room or not. */
  enter(event: EventFacts, hashes: readonly number[], keys: TraceSummary['keys'], failed: boolean): void;
  /** Calls an event out, and tells what it says. */
  leave(event: WaitingEvent): EventFacts;
  /** Those who wait, and whose facts hold this text. */
  holding(text: string): WaitingEvent[];
  /** Events to be published, each once. */
  takeUnpublished(): readonly WaitingEvent[];
}

/** `onLeft` is told of events that left because others came: only the store has them now. */
export function createWaitingRoom(room: number, onLeft: (event: WaitingEvent) => void): WaitingRoom {
  /** Oldest first; those before `first` have left. */
  let events: (WaitingEvent | undefined)[] = [];
  let first = 0;
  let hashes = createHashRing(1024);
  let unpublished: WaitingEvent[] = [];
  let size = 0;

  function dropOldest(): void {
    const oldest = events[first] as WaitingEvent;
    events[first++] = undefined;
    hashes.forget(oldest.hashes.length);
    if (oldest.gone) return;
    oldest.gone = true;
    size--;
    onLeft(oldest);
  }

  function makeRoom(wanted: number): void {
    for (let oldest = events[first]; oldest; oldest = events[first]) {
      if (!oldest.gone && (size + wanted <= room || !oldest.published)) break;
      dropOldest();
    }
    if (first > room) {
      events = events.slice(first);
      first = 0;
    }
  }

  /** Leaves behind those who were called out, and makes the ring larger where those who wait fill half of it. */
  function rebuild(wanted: number): void {
    const present = events.slice(first).filter((event) => event && !event.gone) as WaitingEvent[];
    const used = present.reduce((sum, event) => sum + event.hashes.length, wanted);
    events = [];
    first = 0;
    hashes = createHashRing(Math.max(hashes.capacity, 2 * used));
    for (const event of present) place(event);
  }

  function place(event: WaitingEvent): void {
    events.push(event);
    for (const hash of event.hashes) hashes.put(hash, event);
  }

  return {
    get size() {
      return size;
    },
    get capacity() {
      return hashes.capacity;
    },
    find: (hash) => hashes.find(hash),
    makeRoom,
    enter(event: EventFacts, own, keys, failed) {
      if (hashes.free < own.length) rebuild(own.length);
      const { seq, id, channel, position, time, clock, facts, factsText = factsToText(facts) } = event;
      const { type, producer } = facts;
      const waiting: WaitingEvent = {
        ...{ seq, id, channel, position, time, clock, failed, hashes: own, keys, type, producer, factsText },
        handed: none,
        published: false,
        gone: false,
      };
      place(waiting);
      unpublished.push(waiting);
      size++;
    },
    leave(event) {
      event.gone = true;
      size--;
      const { seq, id, channel, position, time, clock, factsText } = event;
      // Some hold on to it until its turn comes: not to what it said.
      event.factsText = '';
      event.keys = noKeys;
      const facts = factsFromText(factsText, event);
      return { seq, id, channel, time, clock, facts, factsText, ...(position && { position }) };
    },
    holding: (text) =>
      events.filter(
        (event): event is WaitingEvent => event?.gone === false && event.factsText.includes(text),
      ),
    takeUnpublished() {
      const taken = unpublished.filter((event) => !event.gone);
      for (const event of taken) event.published = true;
      unpublished = [];
      return taken;
    },
  };
}

interface HashRing {
  readonly capacity: number;
  /** Entries that can be put before older ones have to be forgotten. */
  readonly free: number;
  put(hash: number, event: WaitingEvent): void;
  /** Forgets so many of the oldest entries. */
  forget(entries: number): void;
  find(hash: number): WaitingEvent | undefined;
}

/** Entries are numbered on and on; a number's place is its rest by the capacity. */
function createHashRing(atLeast: number): HashRing {
  const capacity = 2 ** Math.ceil(Math.log2(atLeast));
  const mask = capacity - 1;
  const hashes = new Float64Array(capacity);
  const owners = Array.from<WaitingEvent | undefined>({ length: capacity });
  /** The next older entry of the same slot. */
  const older = new Float64Array(capacity);
  const heads = new Float64Array(capacity).fill(-1);
  let oldest = 0;
  let next = 0;
  const slot = (hash: number): number => (hash ^ (hash / 0x100000000)) & mask;
  const place = (entry: number): number => entry % capacity;

  return {
    capacity,
    get free() {
      return capacity - (next - oldest);
    },
    put(hash, event) {
      const at = place(next);
      hashes[at] = hash;
      owners[at] = event;
      older[at] = heads[slot(hash)]!;
      heads[slot(hash)] = next++;
    },
    forget(entries) {
      for (const end = oldest + entries; oldest < end; oldest++) owners[place(oldest)] = undefined;
    },
    find(hash) {
      for (let entry = heads[slot(hash)]!; entry >= oldest; entry = older[place(entry)]!) {
        const at = place(entry);
        if (hashes[at] !== hash) continue;
        const owner = owners[at];
        if (owner && !owner.gone) return owner;
      }
      return undefined;
    },
  };
}
