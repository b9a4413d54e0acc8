import { inHandOf } from '../analyze/in-hand.ts';
import { consumersByChannel } from '../analyze/consumers.ts';
import type { TraceDetailDto } from '../contract/page.ts';
import type { ClockOffset } from '../model/clock.ts';
import type { Topology } from '../model/delivery.ts';
import type { Link } from '../model/trace.ts';
import type { TraceDetail, TraceStore } from '../store/trace-store.ts';
import { inferProducer, namesakes, tellsProducer, type Cause } from './infer-producer.ts';
import { traceClocks } from './trace-clocks.ts';
import { deliveryRow, eventHead, linkRow, traceRow } from './rows.ts';

/**
 * One trace with its events, links and deliveries; a merged trace's id finds what it became. Undefined where there is none.
 *
 * @param offsets which clocks differ; asked of another thread meanwhile.
 */
export async function getTrace(
  store: TraceStore,
  id: string,
  now: number,
  offsets: readonly ClockOffset[] | Promise<readonly ClockOffset[]> = [],
): Promise<TraceDetailDto | undefined> {
  const [detail, topologies, clocks] = await Promise.all([store.trace(id), store.topologies(), offsets]);
  return (
    detail && {
      ...describer(topologies.values())(detail, now),
      clocks: await traceClocks(store, detail, clocks),
    }
  );
}

/** Traces in the order of their ids, without what is known of clocks; those that are not there are left out. */
export async function getTraces(
  store: TraceStore,
  ids: readonly string[],
  now: number,
): Promise<TraceDetailDto[]> {
  const [details, topologies] = await Promise.all([store.traces(ids), store.topologies()]);
  const describe = describer(topologies.values());
  return details.map((detail) => describe(detail, now));
}

/** Traces as they are shown, with what the brokers know of consumers. */
function describer(topologies: Iterable<Topology>): (detail: TraceDetail, now: number) => TraceDetailDto {
  const all = [...topologies];
  const publishers = { consumers: consumersByChannel(all), namesake: namesakes(all) };
  return (detail, now) => traceDetail(detail, publishers, now);
}

interface Publishers {
  readonly consumers: ReturnType<typeof consumersByChannel>;
  readonly namesake: ReturnType<typeof namesakes>;
}

function traceDetail(detail: TraceDetail, { consumers, namesake }: Publishers, now: number): TraceDetailDto {
  const { summary, events, links, deliveries } = detail;
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const causesOf = Map.groupBy(links.filter(tellsProducer), (link) => link.to);
  const handed = Map.groupBy(deliveries, ({ seq }) => seq);
  const causeOf = ({ from }: Link): readonly Cause[] => {
    const cause = bySeq.get(from);
    const of = handed.get(from) ?? [];
    return cause ? [{ channel: cause.channel, deliveries: of.map(({ delivery }) => delivery) }] : [];
  };
  const inferred = (seq: number): string | undefined => {
    const causes = causesOf.get(seq) ?? [];
    return inferProducer(causes.flatMap(causeOf), consumers);
  };
  const [pending] = [...handed]
    .flatMap(([seq, of]) => {
      const event = bySeq.get(seq)?.id;
      const held = inHandOf(of.map(({ delivery }) => delivery));
      return event === undefined ? [] : held.map(({ consumer, since }) => ({ event, consumer, since }));
    })
    .sort((a, b) => a.since - b.since);
  return {
    trace: traceRow(summary, now, events[0], pending),
    events: events.map((event) => eventHead(event, inferred(event.seq) ?? namesake(event.channel))),
    links: links.flatMap((link) => {
      const [from, to] = [bySeq.get(link.from), bySeq.get(link.to)];
      return from && to ? [linkRow(link, from.id, to.id)] : [];
    }),
    deliveries: deliveries.flatMap(({ seq, delivery }) => {
      const event = bySeq.get(seq);
      return event ? [deliveryRow(delivery, event)] : [];
    }),
    clocks: [],
  };
}
