import type { Order } from './order.ts';
import type { Content } from './publication.ts';

/** How each team writes its messages: seven teams, and no two have the same habit. */

const iso = (at: number): string => new Date(at).toISOString();
const json = (value: unknown): string => JSON.stringify(value);

/** Storefront: CloudEvents in binary mode. */
export function cloudEvent(type: string, id: string, key: string, at: number, value: object): Content {
  return {
    key,
    headers: [
      ['ce_specversion', '1.0'],
      ['ce_id', id],
      ['ce_type', type],
      ['ce_source', '/storefront'],
      ['ce_time', iso(at)],
      ['content-type', 'application/json'],
    ],
    body: json(value),
  };
}

const persistent = { content_type: 'application/json', delivery_mode: 2 } as const;

/** Payments: AMQP properties as the book says. */
export function amqpMessage(
  type: string,
  order: Order,
  message: {
    readonly id: string;
    readonly routingKey: string;
    readonly at: number;
    readonly version?: number;
  },
): Content {
  const { orderId, customerId, total, paymentId, correlationId } = order;
  const { id, routingKey, at, version = 1 } = message;
  const value =
    version === 1
      ? { paymentId, orderId, customerId, amount: total, currency: 'EUR' }
      : {
          schemaVersion: version,
          payment: { id: paymentId, amount: { value: total, currency: 'EUR' } },
          order: { id: orderId },
          customer: { id: customerId },
        };
  return {
    routingKey,
    properties: {
      ...persistent,
      message_id: id,
      correlation_id: correlationId,
      app_id: 'payments',
      type,
      timestamp: Math.floor(at / 1000),
    },
    body: json(value),
  };
}

/** Fraud: ids in headers, and the order's number nowhere. */
export function fraudChecked({ paymentId, correlationId, score, ids }: Order): Content {
  return {
    routingKey: 'fraud.checked',
    headers: [
      ['message-id', ids.checked],
      ['correlation-id', correlationId],
      ['causation-id', ids.requested],
    ],
    properties: persistent,
    body: json({ eventType: 'FraudChecked', paymentId, score, decision: 'accept' }),
  };
}

/** Inventory: W3C trace context, and nothing else. */
export function traced(
  type: string,
  key: string,
  [trace, span]: readonly [trace: string, span: string],
  value: object,
): Content {
  return {
    key,
    headers: [['traceparent', `00-${trace}-${span}-01`]],
    body: json({ eventType: type, ...value }),
  };
}

/** Ledger: event-sourced, keyed by account; an order is only a reference inside. */
export function ledgerRecord(
  type: string,
  eventId: string,
  accountId: string,
  at: number,
  data: object,
): Content {
  return { key: accountId, body: json({ eventId, type, accountId, occurredAt: iso(at), data }) };
}

/** Shipping: a type and a payload with the order's number, no ids, no headers. */
export function streamEntry(type: string, value: object): Content {
  return { headers: [['type', type]], body: json(value) };
}

/** Notifications: `order_id`, to whoever listens. */
export function notification(template: string, id: string, orderId: string, at: number): Content {
  const message = {
    type: 'NotificationSent',
    notification_id: id,
    order_id: orderId,
    template,
    sent_at: iso(at),
  };
  return { body: json(message) };
}
