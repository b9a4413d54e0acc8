import type { Channel, ChannelKind, System } from '../../model/message.ts';

/**
 * The shop that is played: which channels it has, who consumes from them, and how long each takes. It is the sample shop
 * of this project, without its brokers.
 */
export type Service =
  'storefront' | 'payments' | 'fraud' | 'inventory' | 'shipping' | 'notifications' | 'ledger';

export type Topic = 'orders' | 'inventory' | 'ledger';
export type Place = Topic | 'payments' | 'shipments' | 'notifications.email' | 'notifications.sms';

/** A consumer group of a topic, and how long it takes for each record, ms. The same for all, so that none overtakes another. */
interface Group {
  readonly name: string;
  readonly takes: number;
}

export const topics: Readonly<
  Record<Topic, { readonly partitions: number; readonly groups: readonly Group[] }>
> = {
  orders: {
    partitions: 4,
    groups: [
      { name: 'payments', takes: 60 },
      { name: 'inventory', takes: 160 },
    ],
  },
  inventory: {
    partitions: 3,
    groups: [
      { name: 'warehouse', takes: 2_500 },
      { name: 'shipping', takes: 60 },
    ],
  },
  ledger: { partitions: 3, groups: [{ name: 'storefront', takes: 60 }] },
};

/** What is bound to the exchange, and the service that consumes from it. */
export const queues = [
  { name: 'payments.fraud', binding: 'payment.requested', service: 'fraud' },
  { name: 'payments.decisions', binding: 'fraud.*', service: 'payments' },
  { name: 'billing.charges', binding: 'payment.authorized', service: 'ledger' },
  { name: 'shipping.payments', binding: 'payment.authorized', service: 'shipping' },
  { name: 'notifications.receipts', binding: 'payment.authorized', service: 'notifications' },
] as const;

/** The queues that a routing key reaches. */
export function routed(routingKey: string): (typeof queues)[number][] {
  return queues.filter(
    ({ binding }) => binding === routingKey || (binding === 'fraud.*' && /^fraud\.[^.]+$/.test(routingKey)),
  );
}

export const deadLetterExchange = 'payments.dlx';
export const deadLetterQueue = 'payments.dead';

/** The groups that read the stream of shipments, with their consumers. */
export const streamGroups = [
  { name: 'dispatch', consumers: 2 },
  { name: 'notifications', consumers: 1 },
  { name: 'storefront', consumers: 1 },
] as const;

const kinds: Readonly<Record<Place, readonly [System, ChannelKind]>> = {
  orders: ['kafka', 'topic'],
  inventory: ['kafka', 'topic'],
  ledger: ['kafka', 'topic'],
  payments: ['rabbitmq', 'exchange'],
  shipments: ['redis', 'stream'],
  'notifications.email': ['redis', 'pubsub'],
  'notifications.sms': ['redis', 'pubsub'],
};

export const places = Object.keys(kinds) as readonly Place[];

export const isTopic = (place: Place): place is Topic => kinds[place][0] === 'kafka';

export function placeChannel(cluster: string, place: Place): Channel {
  const [system, kind] = kinds[place];
  return { system, cluster, name: place, kind };
}

export function queueChannel(cluster: string, name: string): Channel {
  return { system: 'rabbitmq', cluster, name, kind: 'queue' };
}

/** How many customers there are: few enough that they come back. */
export const customers = 40;

export const customerId = (number: number): string => `cust-${String(number + 1).padStart(3, '0')}`;
export const merchant = 'acc-merchant';

/** Every so many orders the carrier's van leaves. */
export const manifestEvery = 10;
/** Every so many orders the stock is counted. */
export const countEvery = 20;
