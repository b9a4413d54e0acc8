import { consumersByChannel, type Consumers } from '../analyze/consumers.ts';
import type { Delivery, Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { namesakeOf, participantName } from '../model/participant-name.ts';
import type { Link } from '../model/trace.ts';

/** Whether a link may say who published its effect: only a proven cause does, a guess upon a guess names the wrong team. */
export function tellsProducer({ evidence, confidence }: Link): boolean {
  return evidence !== 'duplicate' && confidence === 1;
}

/** An event that caused another, and to whom it was handed. */
export interface Cause {
  readonly channel: Channel;
  readonly deliveries: readonly Delivery[];
}

/**
 * Who probably published an event that names no producer: the one participant that was seen to be handed its cause, or,
 * where none was, the one that consumes the cause's channel now. Deliveries come first: they still say so when the
 * consumer has left, and under the name that it had. With several, or causes that point to different ones, nobody is named.
 */
export function inferProducer(causes: readonly Cause[], consumers: Consumers): string | undefined {
  const candidates = new Set<string>();
  for (const { channel, deliveries } of causes) {
    const handed = new Set(deliveries.filter(isHandedOut).map(({ consumer }) => consumer));
    const names = handed.size > 0 ? handed : consumers(channel);
    if (names.size !== 1) return undefined;
    for (const name of names) candidates.add(name);
  }
  return candidates.size === 1 ? [...candidates][0] : undefined;
}

/**
 * The last thing that may tell who publishes to a channel: the participant after which it is named (model), if one of
 * those that the brokers know as consumers is.
 */
export function namesakes(topologies: Iterable<Topology>): (channel: Channel) => string | undefined {
  const all = [...topologies];
  const names = new Map(
    all.flatMap(({ subscriptions }) =>
      subscriptions.map(({ consumer }) => [participantName(consumer), consumer] as const),
    ),
  );
  const consumers = consumersByChannel(all);
  return (channel) => {
    const found = namesakeOf(channel.name, names.keys(), [...consumers(channel)].map(participantName));
    return found === undefined ? undefined : names.get(found);
  };
}

/**
 * Only where each hand-over is seen as it happens: whoever published the effect was handed the cause before. What is
 * polled names those first who are quick to acknowledge. A dead letter is handed to nobody.
 */
const isHandedOut = ({ status, evidence }: Delivery) => evidence === 'firehose' && status !== 'dead-lettered';
