import { channelId } from '../analyze/channel-id.ts';
import { buildTopology, namedAfter, participantId } from '../analyze/topology.ts';
import type { SystemTopology, TopologyEdge } from '../analyze/topology.ts';
import type { TopologyDto } from '../contract/page.ts';
import type { Channel } from '../model/message.ts';
import type { ChannelActivity, Times, TraceStore } from '../store/trace-store.ts';

/** What moves now, events a second. */
export interface Rates {
  readonly channels: readonly { readonly channel: Channel; readonly rate: number }[];
  readonly producers: readonly {
    readonly channel: Channel;
    readonly producer: string;
    readonly rate: number;
  }[];
}

const still: Rates = { channels: [], producers: [] };

/**
 * Participants, channels and edges, with what moves on them now, or moved within `times`. The wiring is all that is known
 * whatever the time; events and rates are of the time, and what waits is known of now only. `now` in epoch ms.
 */
export async function topology(
  store: TraceStore,
  rates: Rates = still,
  times: Times = {},
  now: number = Date.now(),
): Promise<TopologyDto> {
  const whole = await wholeTopology(store);
  const isPast = times.to !== undefined && times.to < now;
  const { participants, channels, edges } =
    times.from === undefined && times.to === undefined ? whole : await within(store, whole, times, isPast);
  const { rateOf, producerRate } = isPast
    ? meanRates(channels, await lengthOf(store, times))
    : ratesNow(rates);
  return {
    at: now,
    participants: [...participants],
    channels: channels.map((channel) => ({ ...channel, rate: rateOf(channel.id) })),
    edges: edges.map((edge) => {
      if (edge.kind !== 'publishes') return edge;
      // What a file or a look-back brings in does not move now, and its channel has no rate.
      const most = rateOf(edge.to);
      // Nobody else is known to publish there.
      if (edge.evidence === namedAfter) return { ...edge, rate: most };
      return { ...edge, rate: Math.min(producerRate(edge), most) };
    }),
  };
}

interface KnownRates {
  rateOf(channel: string): number;
  producerRate(edge: TopologyEdge): number;
}

function ratesNow({ channels, producers }: Rates): KnownRates {
  const rateOf = new Map<string, number>();
  for (const { channel, rate } of channels) {
    const id = channelId(channel);
    rateOf.set(id, rate + (rateOf.get(id) ?? 0));
  }
  const ofProducers = new Map(
    producers.map(({ channel, producer, rate }) => [
      publishedBy(participantId(producer), channelId(channel)),
      rate,
    ]),
  );
  return {
    rateOf: (channel) => rateOf.get(channel) ?? 0,
    producerRate: ({ from, to }) => ofProducers.get(publishedBy(from, to)) ?? 0,
  };
}

/** Of a time of that length, ms: on average over it. */
function meanRates(channels: SystemTopology['channels'], length: number): KnownRates {
  const perSecond = (events = 0): number => (events * 1000) / Math.max(1, length);
  const rateOf = new Map(channels.map(({ id, events }) => [id, perSecond(events)]));
  return {
    rateOf: (channel) => rateOf.get(channel) ?? 0,
    producerRate: ({ events }) => perSecond(events),
  };
}

/** An open side is where the recording begins or ends. */
async function lengthOf(store: TraceStore, { from, to }: Times): Promise<number> {
  const { first = 0, last = 0 } = from !== undefined && to !== undefined ? {} : await store.state();
  return Math.max(0, (to ?? last) - (from ?? first));
}

/** The same wiring, with what was counted within the times. How many of those were consumed then is not known. */
async function within(
  store: TraceStore,
  whole: SystemTopology,
  times: Times,
  isPast: boolean,
): Promise<SystemTopology> {
  const events = new Map<string, number>();
  const last = new Map<string, number>();
  for (const seen of await store.activity(times)) {
    const channel = channelId(channelOf(seen));
    const edge = seen.producer === undefined ? [] : [publishedBy(participantId(seen.producer), channel)];
    for (const id of [channel, ...edge]) events.set(id, seen.events + (events.get(id) ?? 0));
    last.set(channel, Math.max(seen.last, last.get(channel) ?? seen.last));
  }
  return {
    participants: whole.participants,
    channels: whole.channels.map(({ last: _last, ...channel }) => ({
      ...channel,
      events: events.get(channel.id) ?? 0,
      ...(last.has(channel.id) && { last: last.get(channel.id) }),
    })),
    edges: whole.edges.map(({ events: _events, lag, ...edge }) => ({
      ...edge,
      ...(edge.kind === 'publishes' && {
        events: events.get(edge.evidence === namedAfter ? edge.to : publishedBy(edge.from, edge.to)) ?? 0,
      }),
      ...(lag !== undefined && !isPast && { lag }),
    })),
  };
}

const publishedBy = (participant: string, channel: string): string => JSON.stringify([participant, channel]);

/** The store gives back what was put in, which were these words. */
function channelOf({ system, cluster, channel: name, kind }: ChannelActivity): Channel {
  return { system, cluster, name, kind } as Channel;
}

/** What is wired and was counted, whatever the time. */
export async function wholeTopology(store: TraceStore): Promise<SystemTopology> {
  const [activity, topologies, consumption] = await Promise.all([
    store.activity(),
    store.topologies(),
    store.consumption(),
  ]);
  const seen = activity.map((each) => ({ ...each, channel: channelOf(each) }));
  return buildTopology(seen, topologies.values(), consumption);
}
