import type { EventHeadDto, DeliveryDto, LinkDto, TraceRow } from '../contract/page.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Link, TraceSummary } from '../model/trace.ts';
import type { EventHead } from '../store/trace-store.ts';

/** A trace with an event in the last so many ms is active. */
export const activeMs = 30_000;

/** Without a verdict a trace is failed, active or quiet. `now` in epoch ms; for a file, the last time seen in it. */
function statusOf({ failed, end }: TraceSummary, now: number): 'failed' | 'active' | 'quiet' {
  if (failed) return 'failed';
  return now - end <= activeMs ? 'active' : 'quiet';
}

/** @param first its first event, which names a trace without keys. */
export function traceRow(
  summary: TraceSummary,
  now: number,
  first?: Pick<EventHead, 'facts' | 'channel'>,
): TraceRow {
  const { id, keys, start, end, events, hops, systems } = summary;
  return {
    id,
    keys: keys.map(({ name, value }) => ({ name, value })),
    name: keys.length === 0 && first ? `${first.facts.type ?? 'event'} on ${first.channel.name}` : undefined,
    start,
    end,
    status: statusOf(summary, now),
    events,
    hops,
    systems: [...systems],
  };
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
