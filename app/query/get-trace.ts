import { consumersByChannel } from '../analyze/consumers.ts';
import type { TraceDetailDto } from '../contract/page.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { inferProducer } from './infer-producer.ts';
import { deliveryRow, eventHead, linkRow, traceRow } from './rows.ts';

/** One trace with its events, links and deliveries; a merged trace's id finds what it became. Undefined where there is none. */
export async function getTrace(
  store: TraceStore,
  id: string,
  now: number,
): Promise<TraceDetailDto | undefined> {
  const detail = await store.trace(id);
  if (!detail) return undefined;
  const { summary, events, links, deliveries } = detail;
  const consumers = consumersByChannel((await store.topologies()).values());
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const causesOf = Map.groupBy(links, (link) => link.to);
  const inferred = (seq: number): string | undefined => {
    const causes = (causesOf.get(seq) ?? []).filter(({ evidence }) => evidence !== 'duplicate');
    return inferProducer(
      causes.flatMap(({ from }) => bySeq.get(from)?.channel ?? []),
      consumers,
    );
  };
  return {
    trace: traceRow(summary, now),
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
