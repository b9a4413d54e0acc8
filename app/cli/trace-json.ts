import type { TraceDetailDto } from '../contract/page.ts';
import { activeMs } from '../query/index.ts';
import { causalOrder } from './causal-order.ts';

type EventDto = TraceDetailDto['events'][number];

/**
 * What became of a trace in a file, whose "now" is the last time seen in each system: active when one of its events
 * is not older than 30 s then, stuck when a consumer has had one in hand for longer and has not acknowledged it.
 */
export function fileStatus(
  { trace, events }: TraceDetailDto,
  now: ReadonlyMap<string, number>,
): 'failed' | 'active' | 'stuck' | 'complete' {
  if (trace.status === 'failed') return 'failed';
  const active = events.some(({ time, channel }) => (now.get(channel.system) ?? time) - time <= activeMs);
  const { pending } = trace;
  if (active || !pending) return active ? 'active' : 'complete';
  const system = events.find(({ id }) => id === pending.event)?.channel.system;
  const latest = (system && now.get(system)) ?? trace.end;
  return latest - pending.since <= activeMs ? 'active' : 'stuck';
}

/** A trace as `traces --json` gives it (FORMATS), its events in causal order. */
export function traceJson(detail: TraceDetailDto, now: ReadonlyMap<string, number>) {
  const { trace, events, links } = detail;
  const duplicates = links.filter(({ evidence }) => evidence === 'duplicate');
  return {
    id: trace.id,
    keys: trace.keys,
    start: iso(trace.start),
    end: iso(trace.end),
    status: fileStatus(detail, now),
    ...(trace.pending && {
      pending: {
        event: trace.pending.event,
        consumer: trace.pending.consumer,
        since: iso(trace.pending.since),
      },
    }),
    events: causalOrder(events, links).map((event) => ({
      id: event.id,
      system: event.channel.system,
      channel: event.channel.name,
      type: event.type,
      time: iso(event.time),
      ...producer(event),
    })),
    links: links
      .filter(({ evidence }) => evidence !== 'duplicate')
      .map(({ from, to, evidence, confidence }) => ({ from, to, evidence, confidence })),
    ...(duplicates.length > 0 && { duplicates: duplicates.map(({ from, to }) => ({ from, to })) }),
  };
}

/** One trace as `trace --format json` gives it: the same, with what the inspector shows beside. */
export function traceDetailJson(detail: TraceDetailDto, now: ReadonlyMap<string, number>) {
  const byId = new Map(detail.events.map((event) => [event.id, event]));
  const short = traceJson(detail, now);
  return {
    ...short,
    events: short.events.map((event) => {
      const { channel, partition, offset, key, keys } = byId.get(event.id) ?? {};
      return {
        ...event,
        cluster: channel?.cluster,
        channelKind: channel?.kind,
        partition,
        offset,
        key,
        keys,
      };
    }),
    links: detail.links
      .filter(({ evidence }) => evidence !== 'duplicate')
      .map(({ from, to, evidence, confidence, why }) => ({ from, to, evidence, confidence, why })),
    deliveries: detail.deliveries.map(({ event, time, after, before, ...delivery }) => ({
      message: event,
      ...delivery,
      time: time === undefined ? undefined : iso(time),
      after: after === undefined ? undefined : iso(after),
      before: before === undefined ? undefined : iso(before),
    })),
    ...(detail.clocks.length > 0 && {
      clocks: detail.clocks.map(({ behind, ahead, least, most, links, example }) => ({
        ...{ behind, ahead, leastMs: least, mostMs: most, links },
        example: example && { trace: example.trace, from: example.cause.id, to: example.effect.id },
      })),
    }),
  };
}

function producer({ producer: known }: EventDto): { producer?: string; inferredProducer?: string } {
  if (!known) return {};
  return known.inferred ? { inferredProducer: known.name } : { producer: known.name };
}

/** Epoch ms as ISO 8601, to the millisecond. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
