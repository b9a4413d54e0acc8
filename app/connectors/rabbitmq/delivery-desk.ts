import type { Delivery } from '../../model/delivery.ts';
import type { ClientNames, ClientRef } from './client-names.ts';

/** A delivery whose consumer may not be known by name yet. */
export interface OpenDelivery {
  /** Undefined where no client is known: `delivery` is complete. */
  readonly client: ClientRef | undefined;
  readonly delivery: Delivery;
}

/**
 * Keeps deliveries back until the name of their consumer is known, some seconds at most: the broker tells the name of a
 * new connection late, and one consumer must not appear under two names.
 */
export interface DeliveryDesk {
  /** What can go on at once. */
  accept(open: OpenDelivery): readonly Delivery[];
  /** What could not, and can now. */
  settle(): Promise<readonly Delivery[]>;
  /** Everything that is left, under the names that are known. */
  flush(): readonly Delivery[];
}

const keptBack = 10_000;

export function createDeliveryDesk(names: ClientNames): DeliveryDesk {
  let waiting: OpenDelivery[] = [];
  const named = ({ client, delivery }: OpenDelivery): Delivery =>
    client ? { ...delivery, consumer: names.guessConsumer(client) } : delivery;
  return {
    accept(open) {
      const known = open.client === undefined || names.consumerOf(open.client) !== undefined;
      if (known || waiting.length >= keptBack) return [named(open)];
      waiting.push(open);
      return [];
    },
    async settle() {
      if (waiting.length === 0) return [];
      await names.learn(new Set(waiting.flatMap(({ client }) => client?.connection ?? [])));
      const isKnown = ({ client }: OpenDelivery) => !client || names.consumerOf(client) !== undefined;
      const known = waiting.filter(isKnown);
      waiting = waiting.filter((open) => !isKnown(open));
      return known.map(named);
    },
    flush() {
      const rest = waiting.map(named);
      waiting = [];
      return rest;
    },
  };
}
