import { channelId } from '../analyze/channel-id.ts';
import { buildTopology, namedAfter, participantId, type SystemTopology } from '../analyze/topology.ts';
import type { TopologyDto } from '../contract/page.ts';
import type { Channel } from '../model/message.ts';
import type { TraceStore } from '../store/trace-store.ts';

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

/** Participants, channels and edges of everything recorded, with what moves on them. `now` in epoch ms. */
export async function topology(
  store: TraceStore,
  rates: Rates = still,
  now: number = Date.now(),
): Promise<TopologyDto> {
  const { participants, channels, edges } = await wholeTopology(store);
  const rateOf = new Map<string, number>();
  for (const { channel, rate } of rates.channels) {
    const id = channelId(channel);
    rateOf.set(id, rate + (rateOf.get(id) ?? 0));
  }
  const producerRates = new Map(
    rates.producers.map(({ channel, producer, rate }) => [
      JSON.stringify([participantId(producer), channelId(channel)]),
      rate,
    ]),
  );
  return {
    at: now,
    participants: [...participants],
    channels: channels.map((channel) => ({ ...channel, rate: rateOf.get(channel.id) ?? 0 })),
    edges: edges.map((edge) => {
      if (edge.kind !== 'publishes') return edge;
      // What a file or a look-back brings in does not move now, and its channel has no rate.
      const most = rateOf.get(edge.to) ?? 0;
      // Nobody else is known to publish there.
      if (edge.evidence === namedAfter) return { ...edge, rate: most };
      const rate = producerRates.get(JSON.stringify([edge.from, edge.to])) ?? 0;
      return { ...edge, rate: Math.min(rate, most) };
    }),
  };
}

export async function wholeTopology(store: TraceStore): Promise<SystemTopology> {
  const [activity, topologies, consumption] = await Promise.all([
    store.activity(),
    store.topologies(),
    store.consumption(),
  ]);
  const seen = activity.map(({ system, cluster, channel: name, kind, producer, events, last }) => ({
    // The store gives back what was put in, which were these words.
    channel: { system, cluster, name, kind } as Channel,
    producer,
    events,
    last,
  }));
  return buildTopology(seen, topologies.values(), consumption);
}
