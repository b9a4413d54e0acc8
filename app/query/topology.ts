import { buildTopology } from '../analyze/topology.ts';
import type { TopologyDto } from '../contract/page.ts';
import type { Channel } from '../model/message.ts';
import type { TraceStore } from '../store/trace-store.ts';

/** Participants, channels and edges of everything recorded. */
export async function topology(store: TraceStore): Promise<TopologyDto> {
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
  const { participants, channels, edges } = buildTopology(seen, topologies.values(), consumption);
  return {
    at: Date.now(),
    participants: [...participants],
    channels: channels.map((channel) => ({ ...channel, rate: 0 })),
    edges: [...edges],
  };
}
