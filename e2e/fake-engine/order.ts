import type { DeliveryDto, LinkDto, TraceDetailDto } from '../../app/contract/page.ts';
import { channels, event } from './build.ts';
import type { FakeTrace } from './build.ts';

const link = (from: string, to: string, evidence: string, confidence: number, why: string): LinkDto => ({
  from,
  to,
  evidence,
  confidence,
  why,
});

const caused = (from: string, to: string): LinkDto =>
  link(from, to, 'causation-header', 1, `Its header causationid names ${from}'s message id.`);

const guessed = (from: string, to: string, consumer: string): LinkDto =>
  link(
    from,
    to,
    'key-and-time',
    0.7,
    `Both carry orderId, ${consumer} consumes the first's channel and published the second soon after.`,
  );

const handled = (
  of: string,
  consumer: string,
  time: number,
  evidence: string,
  status: DeliveryDto['status'] = 'acknowledged',
): DeliveryDto => ({ event: of, consumer, status, evidence, time });

/** One order of fourteen events across Kafka, RabbitMQ and Redis; with `failed` its payment is dead-lettered. */
export function orderTrace(id: string, order: string, start: number, failed = false): FakeTrace {
  const keys = [{ name: 'orderId', value: order }];
  const both = [...keys, { name: 'correlationId', value: `c-${order}` }];
  const at = (ms: number): number => start + ms;
  const name = (suffix: string): string => `${id}-${suffix}`;
  const money = { amount: 129.5, currency: 'EUR' };
  const events = [
    event({
      id: name('placed'),
      channel: channels.orders,
      type: 'OrderPlaced',
      time: at(0),
      producer: 'storefront',
      keys: both,
      headers: [
        ['ce_type', 'OrderPlaced'],
        ['ce_id', name('placed')],
        ['correlation-id', `c-${order}`],
        ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
      ],
      payload: {
        orderId: order,
        customer: { id: 'cu-77', name: 'Ada <b>Lovelace</b>', tier: 'gold' },
        lines: [
          { sku: 'SKU-1', quantity: 2, price: 49.75 },
          { sku: 'SKU-9', quantity: 1, price: 30 },
        ],
        total: money,
        placedAt: new Date(start).toISOString(),
        bigNumber: 0,
      },
    }),
    event({
      id: name('check'),
      channel: channels.orders,
      type: 'FraudCheckRequested',
      time: at(11),
      producer: 'storefront',
      keys: both,
    }),
    event({
      id: name('reserve'),
      channel: channels.inventory,
      type: 'StockReservationRequested',
      time: at(14),
      producer: 'storefront',
      keys,
    }),
    event({
      id: name('cleared'),
      channel: channels.orders,
      type: 'FraudCleared',
      time: at(96),
      producer: 'fraud',
      keys: both,
      payload: { orderId: order, score: 0.07 },
    }),
    event({
      id: name('reserved'),
      channel: channels.inventory,
      type: 'StockReserved',
      time: at(161),
      producer: 'inventory',
      keys,
      payload: { order_id: order, warehouse: 'AMS-2' },
    }),
    event({
      id: name('payreq'),
      channel: channels.payments,
      type: 'payment.requested',
      time: at(240),
      producer: 'payments',
      keys: both,
      payload: { orderId: order, ...money },
    }),
    ...(failed
      ? [
          event({
            id: name('dead'),
            channel: channels.dead,
            type: 'payment.requested',
            time: at(5460),
            producer: 'payments',
            keys: both,
            headers: [
              ['x-first-death-reason', 'rejected'],
              ['x-first-death-queue', 'billing.charges'],
            ],
          }),
        ]
      : [
          event({
            id: name('charged'),
            channel: channels.payments,
            type: 'payment.charged',
            time: at(1490),
            producer: 'billing',
            keys: both,
            payload: { orderId: order, chargeId: 'ch_9f', ...money },
          }),
          event({
            id: name('moved'),
            channel: channels.ledger,
            type: 'MoneyDeposited',
            time: at(1530),
            producer: 'ledger',
            keys,
            payload: { data: { order: { id: order } }, account: 'revenue', ...money },
          }),
          event({
            id: name('withdrawn'),
            channel: channels.ledger,
            type: 'MoneyWithdrawn',
            time: at(1533),
            producer: 'ledger',
            keys,
          }),
          event({
            id: name('confirmed'),
            channel: channels.orders,
            type: 'OrderConfirmed',
            time: at(1610),
            producer: 'storefront',
            keys: both,
          }),
          event({
            id: name('shipreq'),
            channel: channels.shipments,
            type: 'ShipmentRequested',
            time: at(1720),
            producer: 'shipping',
            inferred: true,
            keys,
          }),
          event({
            id: name('packed'),
            channel: channels.shipments,
            type: 'ShipmentPacked',
            time: at(44_800),
            producer: 'shipping',
            inferred: true,
            keys,
          }),
          event({
            id: name('shipped'),
            channel: channels.shipments,
            type: 'ShipmentDispatched',
            time: at(45_200),
            producer: 'shipping',
            inferred: true,
            keys,
          }),
          event({
            id: name('mail'),
            channel: channels.notifications,
            type: 'CustomerNotified',
            time: at(45_390),
            keys,
            payload: { order: order, template: '<script>alert(1)</script>' },
          }),
        ]),
  ];
  const links = [
    caused(name('placed'), name('check')),
    caused(name('placed'), name('reserve')),
    caused(name('check'), name('cleared')),
    guessed(name('reserve'), name('reserved'), 'inventory'),
    caused(name('cleared'), name('payreq')),
    ...(failed
      ? [
          link(
            name('payreq'),
            name('dead'),
            'dead-letter',
            1,
            'Its x-death header names the queue billing.charges and the reason rejected.',
          ),
        ]
      : [
          link(
            name('payreq'),
            name('charged'),
            'reply-to',
            1,
            'Its correlation_id property equals the request’s message_id.',
          ),
          caused(name('charged'), name('moved')),
          caused(name('charged'), name('withdrawn')),
          link(
            name('charged'),
            name('confirmed'),
            'trace-context',
            1,
            'Its traceparent continues the span that handled the cause.',
          ),
          guessed(name('confirmed'), name('shipreq'), 'shipping'),
          guessed(name('reserved'), name('shipreq'), 'shipping'),
          guessed(name('shipreq'), name('packed'), 'shipping'),
          guessed(name('packed'), name('shipped'), 'shipping'),
          guessed(name('shipped'), name('mail'), 'notifications'),
        ]),
  ];
  const deliveries: DeliveryDto[] = [
    handled(name('placed'), 'fraud', at(40), 'span'),
    {
      event: name('placed'),
      consumer: 'shipping',
      status: 'acknowledged',
      evidence: 'offset-commit',
      after: at(200),
      before: at(5200),
    },
    {
      event: name('placed'),
      consumer: 'analytics',
      status: 'acknowledged',
      evidence: 'offset-commit',
      after: at(100),
      before: at(5100),
    },
    handled(name('check'), 'fraud', at(41), 'span'),
    handled(name('reserve'), 'inventory', at(60), 'span'),
    handled(name('payreq'), 'billing', at(260), 'firehose', 'delivered'),
    ...(failed
      ? [
          handled(name('payreq'), 'billing', at(5400), 'firehose', 'rejected'),
          handled(name('payreq'), 'billing', at(5450), 'dead-letter-header', 'dead-lettered'),
        ]
      : [
          handled(name('payreq'), 'billing', at(300), 'firehose', 'redelivered'),
          handled(name('charged'), 'storefront', at(1580), 'firehose'),
          handled(name('shipreq'), 'warehouse', at(40_000), 'pending-entries', 'pending'),
        ]),
  ];
  return {
    ...{ id, keys: both, events, links, deliveries, status: failed ? 'failed' : 'quiet' },
    ...(failed && { clocks: differingClocks(id, start) }),
  };
}

/** Two pairs of clocks that differ; of one the example is in this trace, of the other in the other order's. */
function differingClocks(id: string, start: number): TraceDetailDto['clocks'] {
  const placed = { id: `${id}-placed`, type: 'OrderPlaced', channel: 'orders', time: start + 1_950 };
  const cleared = { id: `${id}-cleared`, type: 'FraudCleared', channel: 'orders', time: start + 96 };
  return [
    {
      ...{ behind: 'fraud', ahead: 'storefront', text: 'fraud is 1.8 to 1.9 s behind storefront' },
      ...{ least: 1_854, most: 1_866, links: 41 },
      example: { trace: id, cause: placed, effect: cleared },
    },
    {
      ...{ behind: 'fraud', ahead: 'the Redis server (prod)', least: 720, links: 12 },
      text: 'fraud is at least 720 ms behind the Redis server (prod)',
      example: {
        trace: 'order',
        cause: { id: 'order-shipreq', type: 'ShipmentRequested', channel: 'shipments', time: start },
        effect: { id: 'order-cleared', type: 'FraudCleared', channel: 'orders', time: start - 730 },
      },
    },
  ];
}
