import { hashText } from '../base/hash.ts';
import type { ClockOffset } from '../model/clock.ts';
import type { Binding, Subscription } from '../model/delivery.ts';
import type { CorrelationKey } from '../model/event.ts';
import type { KeyEdit } from '../model/key-edit.ts';
import type { KeyReport } from '../model/key-report.ts';
import { createLinkEdits, type LinkEdit, type LinkEdits } from '../model/link-edit.ts';
import type { Channel } from '../model/message.ts';
import type { EventFacts, KeyLookUp, TraceChanges } from '../model/trace.ts';
import { attachedTo } from './attach.ts';
import type { Bloom } from './bloom.ts';
import { createCompany, type Company } from './company.ts';
import { createFields } from './key-fields.ts';
import { createFlows } from './flows.ts';
import { createGraph } from './graph.ts';
import { mayBeBy, readsOf, type Knowledge } from './infer.ts';
import { createKinds } from './kinds.ts';
import { reportKeys } from './key-report.ts';
import { loneKeys, loneTrace } from './lone.ts';
import { hasDied, type EventNode, type Handed } from './nodes.ts';
import { learnFrom, statedLinks } from './links.ts';
import { partition } from './partition.ts';
import { publish } from './publish.ts';
import { restore } from './restore.ts';
import { strangersTies } from './strangers.ts';
import { createConsumers } from './subscriptions.ts';
import { hashesOf, tiesOfEvent, type KeyJudge, type Tie } from './ties.ts';
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
  /**
   * An event was handed to a consumer, which therefore consumes its channel, not before `from` (epoch ms, if known). It
   * may come before the event does.
   */
  noteDelivery(eventId: string, consumer: string, from?: number): void;
  /** A consumer was handed events of a channel. */
  noteConsumer(channel: Channel, consumer: string): void;
  /** Who consumes what on one connection; replaces what was said of it before. */
  setSubscriptions(
    connection: string,
    subscriptions: readonly Subscription[],
    bindings?: readonly Binding[],
  ): void;
  /** Learns from earlier events which fields are keys, and what causes what. They are not joined to what comes. */
  learn(events: readonly EventFacts[]): void;
  /** What the user says of names. It holds for what is in memory, and for what comes. */
  editKeys(edits: readonly KeyEdit[]): void;
  /** The fields that hold keys, or may. */
  keys(): KeyReport;
  /** Which clocks are proven to differ by causes that events state, and how far. */
  clockOffsets(): readonly ClockOffset[];
  /** What the user says of links; it may come before the events do. Calls must not overlap with `add`. */
  edit(edits: readonly LinkEdit[]): Promise<void>;
  /** What links and memberships are made by, as it is now. */
  readonly known: Known;
  /**
   * What changed since the last call, each trace once. Must be stored before events are added again. Without `learn` it
   * goes by what was known of keys and causes before, which is quicker and changes no other traces.
   */
  takeChanges(learn?: boolean): TraceChanges;
  /** Events in memory. */
  readonly openEvents: number;
}

/** What links and memberships are made by, beside the events. */
export interface Known extends Knowledge {
  readonly judge: KeyJudge;
  readonly edits: LinkEdits;
  readonly company: Company;
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
  readonly ties: readonly Tie[];
}

export function createAssembler(options: AssemblerOptions): Assembler {
  const { lookUp, known, maxOpenEvents = 50_000 } = options;
  const fields = createFields();
  const company = createCompany();
  const edits = createLinkEdits();
  const graph = createGraph(fields, options.hubCaps, edits);
  const consumers = createConsumers();
  const earlyFailures = new Set<string>();
  const earlyDeliveries = new Map<string, readonly Handed[]>();
  const room = createWaitingRoom(maxOpenEvents, ({ hashes }) => {
    for (const hash of hashes) known.add(hash);
  });
  let watermark = options.watermark ?? 0;
  let marks = 0;
  /** Links of any trace may have other causes now. */
  let relinkAll = false;
  const flows = createFlows({
    reads: (effect, cause) => readsOf(effect, cause, consumers),
    consumes: (producer) => consumers.consumes(producer),
  });
  const context = { consumers, flows, kindOf: createKinds(), nextMark: () => ++marks, edits, company };

  /** Brings back the traces that carry any of these values. */
  async function reload(hashes: readonly number[]): Promise<void> {
    for (const stored of await lookUp(hashes)) restore(graph, stored);
  }

  /** Values of these events that the store may know more of than memory does. */
  function unknownValues(events: readonly EventFacts[], ties: readonly (readonly Tie[])[]): Unknown {
    const hashes = new Set<number>();
    const unknown: Tie[] = [];
    const found = (tie: Tie) => {
      hashes.add(tie.hash);
      unknown.push(tie);
    };
    events.forEach((event, i) => {
      const own = ties[i]!;
      // The filter first: it says no to nearly all, and costs less than anything else.
      if (own.some(({ hash }) => known.has(hash))) graph.missing(own, known.has, found);
      if (edits.size === 0) return;
      for (const other of edits.tiedTo(event.id)) {
        const hash = hashText(other);
        if (known.has(hash)) hashes.add(hash);
      }
    });
    return { hashes: [...hashes], ties: unknown };
  }

  /** Links may have other causes now: that one reads a channel says of others that they do not. */
  function touchAll(): void {
    flows.forgetReaders();
    relinkAll = true;
  }

  function noteConsumer(channel: Channel, consumer: string): void {
    if (consumers.learn(channel, consumer)) touchAll();
  }

  function noteDelivery(eventId: string, consumer: string, from = -Infinity): void {
    const hash = hashText(eventId);
    const node = graph.byName(eventId, hash);
    const waiting = node ? undefined : room.find(hash);
    const channel = (node ?? waiting)?.channel;
    if (channel) {
      noteConsumer(channel, consumer);
      if (node) hand(node, consumer, from);
      else if (waiting) waiting.handed = withHanded(waiting.handed, consumer, from);
    }
    // What left memory does not come again.
    else if (!known.has(hash) && earlyDeliveries.size < maxEarly) {
      earlyDeliveries.set(eventId, withHanded(earlyDeliveries.get(eventId) ?? [], consumer, from));
    }
  }

  function hand(node: EventNode, consumer: string, from: number): void {
    const handed = withHanded(node.handed, consumer, from);
    if (handed === node.handed) return;
    node.handed = handed;
    // Only what the consumer itself published can be linked otherwise now.
    const { nodes } = node.component;
    if (nodes.some((other) => other !== node && mayBeBy(other, consumer, consumers))) graph.touch(node);
  }

  /** Puts events together for the sake of what they teach only. */
  function learnFlows(events: readonly EventFacts[]): void {
    const scratch = createGraph(fields, options.hubCaps, edits);
    for (const event of events) scratch.insert(event);
    scratch.settle();
    for (const component of scratch.components) {
      if (component.nodes.length < 2) continue;
      for (const cell of partition(component, edits, company))
        learnFrom(statedLinks(cell, attachedTo(cell), context), context);
    }
    flows.learn();
  }

  function callOut(waiting: WaitingEvent): void {
    const { seq, published, failed } = waiting;
    // The store holds no other event with its values, so it comes back as complete as it went.
    graph.insert(room.leave(waiting), published ? { trace: seq, failed, complete: true } : undefined);
    const node = waiting.handed.length > 0 && graph.byName(waiting.id);
    if (node) node.handed = waiting.handed;
  }

  /**
   * Other keys join now. Whoever waits with one of them (its facts hold one of these texts) comes into the graph, and so
   * does whoever waits for a value that joins only now.
   */
  function rejudge(
    isChanged: (channel: Channel, key: CorrelationKey) => boolean,
    texts: Iterable<string>,
  ): void {
    const concerned = new Set<EventNode>();
    for (const { nodes } of graph.components) {
      for (const node of nodes)
        if (node.keys.some((key) => isChanged(node.channel, key))) concerned.add(node);
    }
    const called: EventNode[] = [];
    for (const text of texts) {
      for (const waiting of room.holding(JSON.stringify(text))) {
        callOut(waiting);
        const node = graph.byName(waiting.id);
        if (node) called.push(node);
      }
    }
    for (const node of called) graph.touch(node);
    for (const node of [...concerned, ...called]) {
      for (const key of node.keys) {
        const waiting = fields.joins(node.channel, key) && room.find(hashText(key.value));
        if (waiting) callOut(waiting);
      }
    }
    if (concerned.size > 0) graph.revise(concerned);
  }

  function judgeFields(): void {
    const changed = fields.judge();
    if (changed.size === 0) return;
    rejudge(
      (channel, key) => {
        const field = fields.fieldOf(channel, key);
        return field !== undefined && changed.has(field);
      },
      new Set([...changed].map(({ path }) => path)),
    );
  }

  /** Traces are parted by what is known of correlation ids, which is more now. */
  function judgeCompany(): void {
    const { strangers, others } = company.takeChanged();
    if (strangers.size === 0 && others.size === 0) return;
    for (const { nodes } of graph.components) {
      const has = (kinds: ReadonlySet<number>) =>
        nodes.some(({ channel, type, shape }) => kinds.has(company.kindOf(channel, type ?? shape) as number));
      if (nodes.length < 2) continue;
      if (has(strangers) || (has(others) && strangersTies(nodes, company).size > 0))
        graph.touch(nodes[0] as EventNode);
    }
  }

  /** Puts an event where it belongs: to those it shares a value with, or where it waits for them. */
  function place(event: EventFacts, ties: readonly Tie[]): void {
    let alone = true;
    // What does not join yet may do so when the event has left memory.
    for (const key of event.facts.keys) {
      if (key.role === 'found' && !fields.joins(event.channel, key)) known.add(hashText(key.value));
    }
    for (const { hash } of ties) {
      const waiting = room.find(hash);
      if (!waiting) continue;
      alone = false;
      callOut(waiting);
    }
    if (edits.size > 0) {
      for (const other of edits.tiedTo(event.id)) {
        const waiting = room.find(hashText(other));
        if (waiting) callOut(waiting);
        alone = false;
      }
    }
    const isAwaited = earlyFailures.size > 0 && earlyFailures.delete(event.id);
    if (!alone || isAwaited || graph.knows(ties)) graph.insert(event, undefined, ties);
    else room.enter(event, hashesOf(ties), loneKeys(ties), hasDied(event.facts));
    if (isAwaited) fail(event.id);
    if (earlyDeliveries.size === 0) return;
    const early = earlyDeliveries.get(event.id) ?? [];
    earlyDeliveries.delete(event.id);
    for (const { consumer, from } of early) noteDelivery(event.id, consumer, from);
  }

  return {
    async add(events) {
      graph.clock++;
      if (graph.size + events.length > maxOpenEvents) dropOldest(graph, known, maxOpenEvents - events.length);
      room.makeRoom(events.length);
      const ties = events.map((event) => tiesOfEvent(event, fields));
      const unknown = unknownValues(events, ties);
      if (unknown.hashes.length > 0) await reload(unknown.hashes);
      events.forEach((event, i) => {
        fields.observe(event);
        company.observe(event);
        place(event, ties[i]!);
        if (event.seq > watermark) watermark = event.seq;
      });
      for (const tie of unknown.ties) graph.complete(tie);
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

    noteDelivery,
    noteConsumer,

    setSubscriptions(connection, subscriptions, bindings = []) {
      if (consumers.set(connection, subscriptions, bindings)) touchAll();
    },

    learn(events) {
      for (const event of events) {
        fields.observe(event);
        company.observe(event);
      }
      judgeFields();
      learnFlows(events);
    },

    editKeys(said) {
      const names = fields.edit(said);
      if (names.size > 0) rejudge((_, key) => names.has(key.name), names);
    },

    keys: () => reportKeys(fields),
    clockOffsets: flows.clockOffsets,

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

    known: { ...context, judge: fields },

    takeChanges(learn = true) {
      if (learn) {
        judgeFields();
        judgeCompany();
      }
      const { upserted, removed } = publish(graph, context, !learn ? 'no' : relinkAll ? 'all' : 'learned');
      if (learn) relinkAll = false;
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

/** Each consumer once, with the earliest. The same list if that is no news. */
function withHanded(handed: readonly Handed[], consumer: string, from: number): readonly Handed[] {
  const known = handed.find((one) => one.consumer === consumer);
  if (known && known.from <= from) return handed;
  return [...handed.filter((one) => one !== known), { consumer, from }];
}
