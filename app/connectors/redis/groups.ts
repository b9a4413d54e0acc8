import type { Delivery } from '../../model/delivery.ts';
import { positionName, type Channel } from '../../model/message.ts';
import { beginning, compareIds, minId, msOf, nextId } from './stream-id.ts';

/** An entry that a group's consumer was handed and has not acknowledged. */
export interface PendingEntry {
  readonly id: string;
  readonly consumer: string;
  /** Since it was handed out last, ms. */
  readonly idle: number;
  /** How often it was handed out. */
  readonly count: number;
}

/** A consumer group at a moment. */
export interface GroupState {
  readonly name: string;
  /** When it was asked for, and when all of the answer was there; epoch ms. */
  readonly at: number;
  readonly until: number;
  readonly lastDelivered: string;
  /** How many entries of the stream the group has got to; undefined where Redis does not know. */
  readonly entriesRead: number | undefined;
  /** Oldest first. */
  readonly pending: readonly PendingEntry[];
  /** Undefined: `pending` is complete. Else it ends with this id. */
  readonly pendingUpTo: string | undefined;
  readonly consumers: ReadonlySet<string>;
}

/** What is remembered of a group between two looks. */
export interface GroupMemory {
  readonly state: GroupState;
  /** Up to this id it is settled which entries were acknowledged and which are pending. */
  readonly settled: string;
}

/** The entries of a stream that were read and may still be of interest. */
export interface ReadEntries {
  /** Everything up to this id was read. */
  readonly position: string;
  /** Ids after `after` and up to `upTo`, in order; undefined where they are no longer known one by one. */
  between(after: string, upTo: string): readonly string[] | undefined;
}

export interface GroupFindings {
  readonly memory: GroupMemory;
  readonly deliveries: readonly Delivery[];
}

/**
 * What happened between two looks at a group.
 *
 * Redis tells who has an entry in hand, and not when it was acknowledged: an entry that was in hand at the look before
 * and is not now was acknowledged in between, as was one that the group passed in between without having it in hand now.
 * (A consumer that reads with NOACK, or one that is deleted with entries in hand, leaves no such trace; the latter is
 * noticed.) At the first look, everything up to the group's position that is not in hand counts as acknowledged at some
 * time before, as ranges, if Redis knows how many entries the group has read.
 */
export function compareGroup(
  before: GroupMemory | undefined,
  now: GroupState,
  channel: Channel,
  read: ReadEntries,
): GroupFindings {
  // Set back by hand (XGROUP SETID), or deleted and made anew: nothing follows from a comparison.
  const known = before && compareIds(now.lastDelivered, before.state.lastDelivered) >= 0 ? before : undefined;
  const limit = now.pendingUpTo === undefined ? now.lastDelivered : minId(now.pendingUpTo, now.lastDelivered);
  if (!known) return firstLook(now, channel, limit, before !== undefined);
  const settled = minId(limit, compareIds(read.position, known.settled) > 0 ? read.position : known.settled);
  return {
    memory: { state: now, settled: compareIds(settled, known.settled) > 0 ? settled : known.settled },
    deliveries: [
      ...handedOut(known.state, now, channel),
      ...noLongerInHand(known.state, now, channel),
      ...passed(known, now, channel, read, settled),
    ],
  };
}

function firstLook(now: GroupState, channel: Channel, limit: string, wasReset: boolean): GroupFindings {
  const deliveries = handedOut(undefined, now, channel);
  const memory = { state: now, settled: limit };
  if (wasReset || !now.entriesRead || compareIds(limit, beginning) === 0) return { memory, deliveries };
  return { memory, deliveries: [...deliveries, ...ranges(now, channel, beginning, limit)] };
}

/** Entries in hand that were not at the look before, or were in another's hand or less often. */
function handedOut(before: GroupState | undefined, now: GroupState, channel: Channel): readonly Delivery[] {
  const had = new Map(before?.pending.map((entry) => [entry.id, entry]));
  return now.pending
    .filter(({ id, consumer, count }) => had.get(id)?.consumer !== consumer || had.get(id)?.count !== count)
    .map(({ id, consumer, idle, count }) => ({
      kind: 'delivery',
      subject: { event: positionName(channel, { offset: id }) },
      consumer: now.name,
      status: count > 1 ? 'redelivered' : 'pending',
      evidence: 'pending-entries',
      time: now.at - idle,
      via: consumer,
      count,
    }));
}

function noLongerInHand(before: GroupState, now: GroupState, channel: Channel): readonly Delivery[] {
  const listed = (id: string) => now.pendingUpTo === undefined || compareIds(id, now.pendingUpTo) <= 0;
  const has = new Set(now.pending.map((entry) => entry.id));
  return before.pending
    .filter(({ id, consumer }) => !has.has(id) && listed(id) && now.consumers.has(consumer))
    .map(({ id, consumer }) => acknowledged(channel, now, id, before.at, consumer));
}

/** Entries that the group went past since the look before and has not in hand. */
function passed(
  known: GroupMemory,
  now: GroupState,
  channel: Channel,
  read: ReadEntries,
  settled: string,
): readonly Delivery[] {
  if (compareIds(settled, known.settled) <= 0) return [];
  const ids = read.between(known.settled, settled);
  if (!ids) return ranges(now, channel, nextId(known.settled), settled);
  const has = new Set(now.pending.map((entry) => entry.id));
  return ids
    .filter((id) => !has.has(id))
    .map((id) => {
      // What the group had passed at the look before already, but was read by us only since, may be older than that.
      const passedBefore = compareIds(id, known.state.lastDelivered) <= 0;
      return acknowledged(channel, now, id, passedBefore ? 0 : known.state.at);
    });
}

function acknowledged(
  channel: Channel,
  now: GroupState,
  id: string,
  since: number,
  consumer?: string,
): Delivery {
  return {
    kind: 'delivery',
    subject: { event: positionName(channel, { offset: id }) },
    consumer: now.name,
    status: 'acknowledged',
    evidence: 'pending-entries',
    // Not before it was added; the server's clock may be ahead of ours.
    after: Math.min(Math.max(since, msOf(id)), now.until),
    before: now.until,
    via: consumer,
  };
}

/** Everything from `from` to `upTo` that is not in hand, as half-open ranges. */
function ranges(now: GroupState, channel: Channel, from: string, upTo: string): readonly Delivery[] {
  const deliveries: Delivery[] = [];
  let start = from;
  const add = (end: string) => {
    if (compareIds(start, end) >= 0) return;
    deliveries.push({
      kind: 'delivery',
      subject: { channel, fromOffset: start, toOffset: end },
      consumer: now.name,
      status: 'acknowledged',
      evidence: 'pending-entries',
      before: now.until,
    });
  };
  for (const { id } of now.pending) {
    if (compareIds(id, start) < 0) continue;
    if (compareIds(id, upTo) > 0) break;
    add(id);
    start = nextId(id);
  }
  add(nextId(upTo));
  return deliveries;
}
