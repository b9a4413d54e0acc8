import { hashText } from '../base/hash.ts';
import type { Binding, Subscription } from '../model/delivery.ts';
import { createLinkEdits, type LinkEdit } from '../model/link-edit.ts';
import type { Channel } from '../model/message.ts';
import type { EventFacts, KeyLookUp, TraceChanges } from '../model/trace.ts';
import type { Bloom } from './bloom.ts';
import { createGraph } from './graph.ts';
import { loneKeys, loneTrace, valueHashes } from './lone.ts';
import { hasDied } from './nodes.ts';
import { publish } from './publish.ts';
import { restore } from './restore.ts';
import { channelKey, createConsumers } from './subscriptions.ts';
import type { HubCaps } from './tokens.ts';
import { createWaitingRoom, type WaitingEvent } from './waiting-room.ts';
import { dropOldest } from './window.ts';

/**
 * Joins events to traces as they come, in any order and in batches of any size, with the same result.
 *
 * An event that shares no value with any other waits apart (waiting-room.ts); the first that does brings it into the graph.
 * Memory is bounded by a window of open events. What was touched longest ago leaves it, remembered by the hashes of its
 * values alone; when a late event carries one of these, its trace comes back from the store before the event is joined.
 */
export interface Assembler {
  /** Adds events. Calls must not overlap; at most one look-up is made a call. */
  add(events: readonly EventFacts[]): Promise<void>;
  /** An event was rejected or dead-lettered: its traces have failed. It may come before the event does. */
  markFailed(eventId: string): Promise<void>;
  /** An event was handed to a consumer, which therefore consumes its channel. It may come before the event does. */
  noteDelivery(eventId: string, consumer: string): void;
  /** A consumer was handed events of a channel. */
  noteConsumer(channel: Channel, consumer: string): void;
  /** Who consumes what on one connection; replaces what was said of it before. */
  setSubscriptions(
    connection: string,
    subscriptions: readonly Subscription[],
    bindings?: readonly Binding[],
  ): void;
  /** What the user says of links; it may come before the events do. Calls must not overlap with `add`. */
  edit(edits: readonly LinkEdit[]): Promise<void>;
  /** What changed since the last call, each trace once. Must be stored before events are added again. */
  takeChanges(): TraceChanges;
  /** Events in memory. */
  readonly openEvents: number;
}

export interface AssemblerOptions {
  /** Reads back traces that left memory. */
  readonly lookUp: KeyLookUp;
  /** What values the store holds; the assembler adds those of what it lets go. */
  readonly known: Pick<Bloom, 'add' | 'has'>;
  /**
   * Events kept in memory that share values, and as many besides that share none yet, 50,000 by default: about 1.2 KB each
   * where they carry ids of three sorts, and half of that while they share none.
   */
  readonly maxOpenEvents?: number;
  /** Beyond how many events a value is a hub. */
  readonly hubCaps?: HubCaps;
  /** Every event up to this number was added in an earlier run. */
  readonly watermark?: number;
}

/** Failures, and deliveries, that are remembered for events that have not come yet. */
const maxEarly = 10_000;

interface Unknown {
  readonly hashes: readonly number[];
  /** Keys of their tokens. */
  readonly keys: readonly string[];
}

export function createAssembler(options: AssemblerOptions): Assembler {
  const { lookUp, known, maxOpenEvents = 50_000 } = options;
  const edits = createLinkEdits();
  const graph = createGraph(options.hubCaps, edits);
  const consumers = createConsumers();
  const earlyFailures = new Set<string>();
  const earlyDeliveries = new Map<string, readonly string[]>();
  const room = createWaitingRoom(maxOpenEvents, ({ hashes }) => {
    for (const hash of hashes) known.add(hash);
  });
  let watermark = options.watermark ?? 0;
  let marks = 0;
  const context = { consumers, nextMark: () => ++marks, edits };

  /** Brings back the traces that carry any of these values. */
  async function reload(hashes: readonly number[]): Promise<void> {
    for (const stored of await lookUp(hashes)) restore(graph, stored);
  }

  /** Values of these events that the store may know more of than memory does. */
  function unknownValues(events: readonly EventFacts[], values: readonly (readonly number[])[]): Unknown {
    const hashes = new Set<number>();
    const keys: string[] = [];
    const isStored = (value: string) => known.has(hashText(value));
    const found = (value: string, key: string) => {
      hashes.add(hashText(value));
      keys.push(key);
    };
    events.forEach((event, i) => {
      // The filter first: it says no to nearly all, and costs less than anything else.
      if (values[i]!.some((hash) => known.has(hash))) graph.missing(event, isStored, found);
      for (const other of edits.tiedTo(event.id)) if (isStored(other)) hashes.add(hashText(other));
    });
    return { hashes: [...hashes], keys };
  }

  /** Links of events on these channels may have other causes now. */
  function touchChannels(changed: ReadonlySet<string>): void {
    if (changed.size === 0) return;
    for (const component of graph.components) {
      const node = component.nodes.find((n) => changed.has(channelKey(n.channel)));
      if (node && component.nodes.length > 1) graph.touch(node);
    }
  }

  function noteConsumer(channel: Channel, consumer: string): void {
    if (consumers.learn(channel, consumer)) touchChannels(new Set([channelKey(channel)]));
  }

  function callOut(waiting: WaitingEvent): void {
    const { seq, published, failed } = waiting;
    // The store holds no other event with its values, so it comes back as complete as it went.
    graph.insert(room.leave(waiting), published ? { trace: seq, failed, complete: true } : undefined);
  }

  /** Puts an event where it belongs: to those it shares a value with, or where it waits for them. */
  function place(event: EventFacts, hashes: readonly number[]): void {
    let alone = true;
    for (const hash of hashes) {
      const waiting = room.find(hash);
      if (!waiting) continue;
      alone = false;
      callOut(waiting);
    }
    for (const other of edits.tiedTo(event.id)) {
      const waiting = room.find(hashText(other));
      if (waiting) callOut(waiting);
      alone = false;
    }
    const isAwaited = earlyFailures.size > 0 && earlyFailures.delete(event.id);
    if (!alone || isAwaited || graph.knows(event)) graph.insert(event);
    else room.enter(event, hashes, loneKeys(event.facts), hasDied(event.facts));
    if (isAwaited) fail(event.id);
    if (earlyDeliveries.size === 0) return;
    for (const consumer of earlyDeliveries.get(event.id) ?? []) noteConsumer(event.channel, consumer);
    earlyDeliveries.delete(event.id);
  }

  return {
    async add(events) {
      graph.clock++;
      if (graph.size + events.length > maxOpenEvents) dropOldest(graph, known, maxOpenEvents - events.length);
      room.makeRoom(events.length);
      const values = events.map(valueHashes);
      const { hashes, keys } = unknownValues(events, values);
      if (hashes.length > 0) await reload(hashes);
      events.forEach((event, i) => {
        place(event, values[i]!);
        if (event.seq > watermark) watermark = event.seq;
      });
      for (const key of keys) graph.complete(key);
    },

    async markFailed(eventId) {
      if (fail(eventId)) return;
      const hash = hashText(eventId);
      const waiting = room.find(hash);
      if (waiting) callOut(waiting);
      if (waiting && fail(eventId)) return;
      if (known.has(hash)) {
        await reload([hash]);
        if (fail(eventId)) return;
      }
      if (earlyFailures.size < maxEarly) earlyFailures.add(eventId);
    },

    noteDelivery(eventId, consumer) {
      const hash = hashText(eventId);
      const channel = (graph.byName(eventId) ?? room.find(hash))?.channel;
      if (channel) noteConsumer(channel, consumer);
      // What left memory does not come again.
      else if (!known.has(hash) && earlyDeliveries.size < maxEarly) {
        earlyDeliveries.set(eventId, [...(earlyDeliveries.get(eventId) ?? []), consumer]);
      }
    },

    noteConsumer,

    setSubscriptions(connection, subscriptions, bindings = []) {
      touchChannels(consumers.set(connection, subscriptions, bindings));
    },

    async edit(said) {
      const concerned = new Set(said.filter((edit) => edits.set(edit)).flatMap(({ from, to }) => [from, to]));
      const hashes = [...concerned].map(hashText);
      for (const hash of hashes) {
        const waiting = room.find(hash);
        if (waiting) callOut(waiting);
      }
      const stored = hashes.filter((hash) => known.has(hash));
      if (stored.length > 0) await reload(stored);
      const present = [...concerned].map(graph.find).filter((node) => node !== undefined);
      if (present.length > 0) graph.retie(present);
    },

    takeChanges() {
      const { upserted, removed } = publish(graph, context);
      for (const waiting of room.takeUnpublished()) upserted.push(loneTrace(waiting));
      return { upserted, removed, watermark };
    },

    get openEvents() {
      return graph.size + room.size;
    },
  };

  function fail(eventId: string): boolean {
    const node = graph.byName(eventId);
    if (!node) return false;
    if (!node.failed) {
      node.failed = true;
      graph.touch(node);
    }
    return true;
  }
}
