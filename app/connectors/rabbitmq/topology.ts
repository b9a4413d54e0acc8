import type { Binding, Subscription, Topology } from '../../model/delivery.ts';
import type { Channel, ChannelKind } from '../../model/message.ts';
import { spokenTag, type ClientNames } from './client-names.ts';
import type { Consumer, Queue } from './management-schema.ts';
import { deadLetterOf, isInternal, ownQueuePrefix, type Wiring } from './wiring.ts';

/** The wiring in Headwater's words: channels, who consumes from which queue, and what moves where. */
export function toTopology(
  wiring: Wiring,
  cluster: string,
  names: Pick<ClientNames, 'consumerOf' | 'late'>,
  now: number,
): Topology {
  const channel = (name: string, kind: ChannelKind): Channel => ({ system: 'rabbitmq', cluster, name, kind });
  const queues = wiring.queues.filter((q) => !q.name.startsWith(ownQueuePrefix));
  const exchanges = wiring.exchanges.filter((e) => e.name !== '' && !isInternal(e, wiring.bindings));
  const known = new Set([...exchanges, ...queues].map((c) => c.name));
  const bindings = wiring.bindings
    .filter((b) => b.source !== '' && known.has(b.source) && known.has(b.destination))
    .map((b): Binding => ({
      kind: 'binding',
      channel: channel(b.source, 'exchange'),
      to: b.destination,
      toKind: b.destination_type === 'exchange' ? 'exchange' : 'queue',
      routingKey: b.routing_key,
    }));
  return {
    kind: 'topology',
    observedAt: now,
    clients: [...names.late()],
    channels: [
      ...exchanges.map((e) => channel(e.name, 'exchange')),
      ...queues.map((q) => channel(q.name, 'queue')),
    ],
    subscriptions: queues.flatMap((q) =>
      subscriptionsOf(q, wiring.consumers, names, channel(q.name, 'queue')),
    ),
    bindings: [
      ...bindings,
      ...queues.flatMap((q): Binding[] => {
        const dead = deadLetterOf(q);
        if (!dead) return [];
        const toQueue = dead.exchange === '';
        const to = toQueue ? dead.routingKey : dead.exchange;
        if (to === undefined) return [];
        return [
          {
            kind: 'binding',
            channel: channel(q.name, 'queue'),
            to,
            toKind: toQueue ? 'queue' : 'exchange',
            routingKey: dead.routingKey,
            deadLetter: true,
          },
        ];
      }),
    ],
  };
}

function nameOf(consumer: Consumer, names: Pick<ClientNames, 'consumerOf'>): string | undefined {
  const { queue, channel_details: at, consumer_tag: tag } = consumer;
  if (!at) return spokenTag(tag) ?? queue.name;
  return names.consumerOf({ connection: at.connection_name, channel: at.number, queue: queue.name });
}

function subscriptionsOf(
  queue: Queue,
  consumers: readonly Consumer[],
  names: Pick<ClientNames, 'consumerOf'>,
  channel: Channel,
): readonly Subscription[] {
  const counts = new Map<string, number>();
  for (const consumer of consumers) {
    if (consumer.queue.name !== queue.name) continue;
    const name = nameOf(consumer, names);
    // The broker tells its connection's name within seconds: until then it is nobody rather than somebody else.
    if (name === undefined) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ready = queue.messages_ready;
  const unacked = queue.messages_unacknowledged;
  const waiting = ready === undefined || unacked === undefined ? undefined : { ready, unacked };
  return [...counts].map(([consumer, count]) => {
    const details = [
      ...(count > 1 ? [`${count} consumers`] : []),
      ...(waiting ? [`ready ${waiting.ready}`, `unacked ${waiting.unacked}`] : []),
    ];
    return {
      kind: 'subscription',
      channel,
      consumer,
      lag: waiting && waiting.ready + waiting.unacked,
      detail: details.length > 0 ? details.join(', ') : undefined,
    };
  });
}
