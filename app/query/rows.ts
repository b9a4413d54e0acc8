import type { EventHeadDto, DeliveryDto, LinkDto, TraceRow } from '../contract/page.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Link, TraceSummary } from '../model/trace.ts';
import type { EventHead, HeldEvent } from '../store/trace-store.ts';

/** A trace with an event in the last so many ms is active, as is one of which somebody was handed an event since. */
export const activeMs = 30_000;

/** What of a trace a consumer was handed and has not acknowledged. */
export type Pending = NonNullable<TraceRow['pending']>;

/** `now` in epoch ms; for a file, the last time seen in it. Whether all happened that should is not judged. */
function statusOf({ failed, end }: TraceSummary, now: number, pending?: Pending): TraceRow['status'] {
  if (failed) return 'failed';
  if (now - end <= activeMs) return 'active';
  if (pending) return now - pending.since <= activeMs ? 'active' : 'stuck';
  return 'quiet';
}

/**
 * @param first its first event, which names a trace without keys.
 * @param pending what of it was handed out and not acknowledged, first of all.
 */
export function traceRow(
  summary: TraceSummary,
  now: number,
  first?: Pick<EventHead, 'facts' | 'channel'>,
  pending?: Pending,
): TraceRow {
  const { id, keys, start, end, events, hops, systems } = summary;
  return {
    id,
    keys: keys.map(({ name, value }) => ({ name, value })),
    name: keys.length === 0 && first ? `${first.facts.type ?? 'event'} on ${first.channel.name}` : undefined,
    start,
    end,
    status: statusOf(summary, now, pending),
    events,
    hops,
    systems: [...systems],
    pending,
  };
}

/** Of what the store's consumers have in hand, the first of each trace. */
export function pendingByTrace(held: readonly HeldEvent[]): ReadonlyMap<string, Pending> {
  const first = new Map<string, Pending>();
  for (const { trace, event, consumer, since } of held) {
    if (since < (first.get(trace)?.since ?? Infinity)) first.set(trace, { event, consumer, since });
  }
  return first;
}

/** @param inferred who probably published it, where neither the event nor its system says so. */
export function eventHead(head: EventHead, inferred?: string): EventHeadDto {
  const { id, channel, partition, offset, time, clock, key, size, format, facts } = head;
  const producer = facts.producer ?? inferred;
  return {
    id,
    channel: { system: channel.system, cluster: channel.cluster, name: channel.name, kind: channel.kind },
    partition,
    offset,
    type: facts.type,
    producer: producer === undefined ? undefined : { name: producer, inferred: facts.producer === undefined },
    time,
    clock,
    key,
    keys: uniqueKeys(head),
    size,
    format,
  };
}

function uniqueKeys({ facts }: EventHead): { name: string; value: string }[] {
  const unique = new Map(facts.keys.map(({ name, value }) => [`${name}=${value}`, { name, value }]));
  return [...unique.values()];
}

export function linkRow({ evidence, confidence, why }: Link, from: string, to: string): LinkDto {
  return { from, to, evidence, confidence, why };
}

/**
 * A delivery of the event. What is known as an interval began no earlier than the event was there, unless it also ended
 * before: then the clocks disagree, and it is told as it is.
 */
export function deliveryRow(delivery: Delivery, event: Pick<EventHead, 'id' | 'time'>): DeliveryDto {
  const { consumer, via, status, evidence, time, before } = delivery;
  const after =
    delivery.after !== undefined && before !== undefined && before >= event.time
      ? Math.max(delivery.after, event.time)
      : delivery.after;
  return { event: event.id, consumer, via, status, evidence, time, after, before };
}
