import { expect, test } from 'vitest';
import type { DecodedMessage } from '../model/event.ts';
import type { Channel, Json } from '../model/message.ts';
import type { EventFacts, Trace } from '../model/trace.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { extractFacts } from './extract.ts';
import { Published } from './test-events.ts';

/**
 * A shop whose teams differ in habit: CloudEvents, AMQP properties, correlation and causation headers, W3C trace context,
 * and nothing but an order's number in the payload, over Kafka, RabbitMQ and Redis. Fifty orders at once, accounts and
 * batches shared, duplicates and a poisoned message among them.
 */
const orders = 50;
const firstOrder = 123_400;

const on = (system: Channel['system'], name: string, kind: Channel['kind']): Channel => ({
  system,
  cluster: 'shop',
  name,
  kind,
});
const channels = {
  orders: on('kafka', 'orders', 'topic'),
  inventory: on('kafka', 'inventory', 'topic'),
  ledger: on('kafka', 'ledger', 'topic'),
  payments: on('rabbitmq', 'payments', 'exchange'),
  shipments: on('redis', 'shipments', 'stream'),
  email: on('redis', 'notifications.email', 'pubsub'),
};

interface Sent extends Partial<Omit<DecodedMessage, 'channel' | 'json'>> {
  readonly at: number;
  readonly channel: Channel;
  readonly json?: Json;
  /** The orders that it is about: the truth. */
  readonly of: readonly number[];
  readonly type: string;
}

const uuid = (order: number, what: number) =>
  `0000${what}a00-0000-4000-8000-${String(order).padStart(12, '0')}`;
const hex = (order: number, what: number) => `${what}${order.toString(16)}`.padEnd(16, 'f');

/** All that happens about one order. */
function orderEvents(i: number): Sent[] {
  const orderId = String(firstOrder + i);
  const customerId = `cust-${i % 7}`;
  const start = i * 37;
  const paymentId = `pay-${hex(i, 1).slice(0, 10)}`;
  const of = [i];
  const correlation = uuid(i, 9);
  const money = { paymentId, orderId, customerId, amount: 10 + i, currency: 'EUR' };
  const cloudEvent = (type: string, id: string): [string, string][] => [
    ['ce_id', id],
    ['ce_type', type],
    ['ce_source', '/storefront'],
  ];
  const amqp = (type: string, id: string) => ({
    message_id: id,
    correlation_id: correlation,
    app_id: 'payments',
    type,
    timestamp: 1,
  });
  const trace = (span: number): [string, string][] => [
    ['traceparent', `00-${hex(i, 7)}${hex(i, 8)}-${hex(i, span)}-01`],
  ];
  const placed: Sent = {
    at: start,
    of,
    type: 'OrderPlaced',
    channel: channels.orders,
    key: orderId,
    headers: cloudEvent('OrderPlaced', uuid(i, 1)),
    // One team changed its schema halfway.
    json:
      i % 5 === 4
        ? { order: { id: orderId }, customer: { id: customerId }, lines: [{ sku: 'rug-1', price: 9.5 }] }
        : {
            orderId,
            customerId,
            items: [{ sku: 'rug-1', quantity: 2, price: 9.5 }],
            total: 19,
            currency: 'EUR',
          },
  };
  const ledger = (type: string, accountId: string, at: number): Sent => ({
    at: start + at,
    of,
    type,
    channel: channels.ledger,
    key: accountId,
    json: { eventId: uuid(i, at), type, accountId, data: { amount: 1, order: { id: orderId } } },
  });
  return [
    placed,
    ...(i % 10 === 3 ? [{ ...placed, at: start + 1 }] : []),
    {
      at: start + 20,
      of,
      type: 'PaymentRequested',
      channel: channels.payments,
      properties: amqp('PaymentRequested', uuid(i, 2)),
      ...(i % 10 === 6
        ? {
            payload: {
              format: 'text',
              text: `{"paymentId":"${paymentId}","orderId":"${orderId}","amount":`,
              size: 9,
            },
          }
        : { json: money }),
    },
    {
      at: start + 40,
      of,
      type: 'FraudChecked',
      channel: channels.payments,
      headers: [
        ['message-id', uuid(i, 3)],
        ['correlation-id', correlation],
        ['causation-id', uuid(i, 2)],
      ],
      // This team does not repeat the order's number.
      json: { eventType: 'FraudChecked', paymentId, score: 12, decision: 'accept' },
    },
    {
      at: start + 60,
      of,
      type: 'PaymentAuthorized',
      channel: channels.payments,
      properties: amqp('PaymentAuthorized', uuid(i, 4)),
      json: money,
    },
    ledger('MoneyWithdrawn', `acc-${customerId}`, 70),
    ledger('MoneyDeposited', 'acc-merchant', 71),
    {
      at: start + 25,
      of,
      type: 'InventoryReserved',
      channel: channels.inventory,
      key: orderId,
      headers: trace(1),
      json: { eventType: 'InventoryReserved', orderId, lines: [{ sku: 'rug-1', warehouse: 'berlin' }] },
    },
    {
      at: start + 80,
      of,
      type: 'ShipmentCreated',
      channel: channels.shipments,
      headers: [['type', 'ShipmentCreated']],
      json: { orderId, shipmentId: `shp-${orderId}` },
    },
    {
      at: start + 90,
      of,
      type: 'ShipmentDispatched',
      channel: channels.shipments,
      headers: [['type', 'ShipmentDispatched']],
      json: { shipmentId: `shp-${orderId}`, tracking: 'X1' },
    },
    {
      at: start + 95,
      of,
      type: 'NotificationSent',
      channel: channels.email,
      json: {
        type: 'NotificationSent',
        order_id: orderId,
        notification_id: `n-${hex(i, 5)}`,
        channel: 'email',
      },
    },
  ];
}

/** What no order owns: accounts as they are opened, manifests and stock counts that name ten orders each. */
function sharedEvents(): Sent[] {
  const shared: Sent[] = ['acc-merchant', 'acc-cust-1'].map((accountId) => ({
    at: 0,
    of: [],
    type: 'AccountCreated',
    channel: channels.ledger,
    key: accountId,
    json: { eventId: `e-${accountId}-1`, type: 'AccountCreated', accountId, data: { currency: 'EUR' } },
  }));
  for (let first = 0; first < orders; first += 10) {
    const of = Array.from({ length: 10 }, (_, i) => first + i);
    const orderIds = of.map((i) => String(firstOrder + i));
    const at = first * 37 + 600;
    shared.push({
      at,
      of,
      type: 'ShipmentManifest',
      channel: channels.shipments,
      headers: [['type', 'ShipmentManifest']],
      json: { orderIds, carrier: 'northpost' },
    });
    shared.push({
      at: at + 1,
      of,
      type: 'StockReconciled',
      channel: channels.inventory,
      key: 'berlin',
      // Its own trace context, or that of the first order it counted.
      headers: [['traceparent', `00-${hex(first, 7)}${hex(first, 8)}-${hex(first, 6)}-01`]],
      json: { eventType: 'StockReconciled', warehouse: 'berlin', orderIds },
    });
  }
  return shared;
}

function allEvents(): (Sent & { readonly event: EventFacts })[] {
  const sent = [...Array.from({ length: orders }, (_, i) => orderEvents(i)).flat(), ...sharedEvents()];
  return sent
    .sort((a, b) => a.at - b.at)
    .map((one, i) => {
      const message: DecodedMessage = {
        kind: 'message',
        time: one.at,
        clock: 'broker',
        observedAt: one.at,
        headers: [],
        payload: { format: 'json', size: 1 },
        ...one,
      };
      const { channel, time, clock } = message;
      const facts = extractFacts(message);
      return { ...one, event: { seq: i + 1, id: `e${i + 1}`, channel, time, clock, facts } };
    });
}

async function run(events: readonly EventFacts[], batch: number): Promise<Published> {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  const published = new Published();
  for (let i = 0; i < events.length; i += batch) {
    await assembler.add(events.slice(i, i + batch));
    published.apply(assembler.takeChanges());
  }
  return published;
}

/** The trace that begins with the order's name. */
function traceOf(published: Published, order: number): Trace[] {
  const value = String(firstOrder + order);
  return [...published.traces.values()].filter(({ summary: { keys } }) =>
    keys.some((key) => key.name === 'orderId' && key.value === value),
  );
}

test('fifty orders are fifty traces, each complete and pure, whatever the order of arrival', async () => {
  const all = allEvents();
  const inOrder = all.map((one) => one.event);
  const shuffled = inOrder.map((event, i) => ({ event, at: (i * 7919) % inOrder.length }));
  shuffled.sort((a, b) => a.at - b.at);
  for (const events of [inOrder, inOrder.toReversed(), shuffled.map((s) => s.event)]) {
    const published = await run(events, 17);
    for (let order = 0; order < orders; order++) {
      const traces = traceOf(published, order);
      expect(traces.map((t) => t.summary.keys[0])).toEqual([
        { name: 'orderId', value: String(firstOrder + order) },
      ]);
      const expected = all.filter((one) => one.of.includes(order)).map((one) => one.event.seq);
      expect([...(traces[0] as Trace).members].sort((a, b) => a - b)).toEqual(expected);
    }
    // The accounts, as they are opened, belong to no order.
    expect(published.traces.size).toBe(orders + 2);
  }
});

test('its links are direct, within the order, and those that messages prove are certain', async () => {
  const all = allEvents();
  const published = await run(
    all.map((one) => one.event),
    50,
  );
  const byId = new Map(all.map((one) => [one.event.seq, one]));
  const [trace] = traceOf(published, 0);
  const told = (trace as Trace).links.map(({ from, to, evidence, confidence }) => {
    return `${byId.get(from)?.type} → ${byId.get(to)?.type}: ${evidence} ${confidence}`;
  });
  expect(told).toContain('PaymentRequested → FraudChecked: causation-header 1');
  for (const { links } of published.traces.values()) {
    for (const { from, to } of links) {
      const orderOf = byId.get(from)?.of;
      expect(byId.get(to)?.of.some((order) => orderOf?.includes(order))).toBe(true);
    }
  }
});

test('types and producers are named whatever the habit of the team', () => {
  for (const { event, type } of allEvents()) expect(event.facts.type).toBe(type);
  const producers = new Set(allEvents().map(({ event }) => event.facts.producer));
  expect(producers).toEqual(new Set(['storefront', 'payments', undefined]));
});
