import { consumersByChannel } from '../analyze/consumers.ts';
import type { Consumers } from '../analyze/consumers.ts';
import type { TraceDetailDto } from '../contract/page.ts';
import type { TraceDetail, TraceStore } from '../store/trace-store.ts';
import { inferProducer, tellsProducer } from './infer-producer.ts';
import { deliveryRow, eventHead, linkRow, traceRow } from './rows.ts';

/** One trace with its events, links and deliveries; a merged trace's id finds what it became. Undefined where there is none. */
export async function getTrace(
  store: TraceStore,
  id: string,
  now: number,
): Promise<TraceDetailDto | undefined> {
  const [detail, topologies] = await Promise.all([store.trace(id), store.topologies()]);
  return detail && traceDetail(detail, consumersByChannel(topologies.values()), now);
}

/** Traces in the order of their ids; those that are not there are left out. */
export async function getTraces(
  store: TraceStore,
  ids: readonly string[],
  now: number,
): Promise<TraceDetailDto[]> {
  const [details, topologies] = await Promise.all([store.traces(ids), store.topologies()]);
  const consumers = consumersByChannel(topologies.values());
  return details.map((detail) => traceDetail(detail, consumers, now));
}

function traceDetail(detail: TraceDetail, consumers: Consumers, now: number): TraceDetailDto {
  const { summary, events, links, deliveries } = detail;
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const causesOf = Map.groupBy(links.filter(tellsProducer), (link) => link.to);
  const inferred = (seq: number): string | undefined => {
    const causes = causesOf.get(seq) ?? [];
    return inferProducer(
      causes.flatMap(({ from }) => bySeq.get(from)?.channel ?? []),
      consumers,
    );
  };
  return {
    trace: traceRow(summary, now, events[0]),
    events: events.map((event) => eventHead(event, inferred(event.seq))),
    links: links.flatMap((link) => {
      const [from, to] = [bySeq.get(link.from), bySeq.get(link.to)];
      return from && to ? [linkRow(link, from.id, to.id)] : [];
    }),
    deliveries: deliveries.flatMap(({ seq, delivery }) => {
      const event = bySeq.get(seq);
      return event ? [deliveryRow(delivery, event.id)] : [];
    }),
  };
}
