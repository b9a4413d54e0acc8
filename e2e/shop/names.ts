/** What the shop's channels, queues and groups are called; a prefix keeps runs in one broker apart. */
export interface ShopNames {
  readonly topics: { readonly orders: string; readonly inventory: string; readonly ledger: string };
  readonly exchanges: { readonly payments: string; readonly deadLetters: string };
  readonly queues: Readonly<Record<QueueName, string>>;
  readonly streams: { readonly shipments: string };
  readonly pubsub: { readonly email: string; readonly sms: string; readonly pattern: string };
  /** The name of a consumer group. */
  group(name: string): string;
}

type QueueName = 'fraud' | 'decisions' | 'charges' | 'shipping' | 'receipts' | 'dead';

/** Which routing key reaches which queue. */
export const QUEUE_BINDINGS: readonly (readonly [queue: QueueName, routingKey: string])[] = [
  ['fraud', 'payment.requested'],
  ['decisions', 'fraud.*'],
  ['charges', 'payment.authorized'],
  ['shipping', 'payment.authorized'],
  ['receipts', 'payment.authorized'],
];

/** Names everything that the shop uses on the brokers. */
export function shopNames(prefix = ''): ShopNames {
  const named = (name: string): string => prefix + name;
  return {
    topics: { orders: named('orders'), inventory: named('inventory'), ledger: named('ledger') },
    exchanges: { payments: named('payments'), deadLetters: named('payments.dlx') },
    queues: {
      fraud: named('payments.fraud'),
      decisions: named('payments.decisions'),
      charges: named('billing.charges'),
      shipping: named('shipping.payments'),
      receipts: named('notifications.receipts'),
      dead: named('payments.dead'),
    },
    streams: { shipments: named('shipments') },
    pubsub: {
      email: named('notifications.email'),
      sms: named('notifications.sms'),
      pattern: named('notifications.*'),
    },
    group: named,
  };
}
