import type { Kind } from '../sent.ts';
import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';

const of = (domain: string, kind: Kind = 'event', key = 'orderId'): MessageType => ({ domain, kind, key });

/** An order: fan-out to stock and payment, fan-in, confirmation with followers or compensation, delivery hours later. */
export const shop: Story = {
  types: {
    OrderPlaced: of('orders'),
    ReserveStock: of('inventory', 'command'),
    AuthorizePayment: of('payments', 'command'),
    StockReserved: of('inventory'),
    StockRejected: of('inventory'),
    PaymentAuthorized: of('payments', 'event', 'paymentId'),
    PaymentDeclined: of('payments', 'event', 'paymentId'),
    OrderConfirmed: of('orders'),
    OrderCancelled: of('orders'),
    ReleaseStock: of('inventory', 'command'),
    StockReleased: of('inventory'),
    VoidPayment: of('payments', 'command', 'paymentId'),
    PaymentVoided: of('payments', 'event', 'paymentId'),
    ShipmentCreated: of('shipping', 'event', 'shipmentId'),
    ShipmentDelivered: of('shipping', 'event', 'shipmentId'),
    PointsEarned: of('loyalty', 'event', 'customerId'),
    MailSent: of('notifications', 'event', 'orderId'),
    OrderCompleted: of('orders'),
  },
  begin({ flow, rng, send }) {
    const orderId = (flow.ids['orderId'] = rng.uuid());
    send('storefront', 'OrderPlaced', {
      orderId,
      customerId: flow.customer,
      country: flow.country,
      lines: [{ sku: `SKU-${rng.int(1, 6)}`, quantity: rng.int(1, 3) }],
      total: rng.int(900, 30_000) / 100,
      status: 'PLACED',
    });
  },
  handlers: {
    OrderPlaced: {
      'order-service': ({ data, send }) => {
        const { orderId = '', customerId = '', lines = [], total = 0 } = data;
        send('ReserveStock', { orderId, lines });
        send('AuthorizePayment', { orderId, customerId, amount: total, currency: 'EUR' });
      },
    },
    ReserveStock: {
      'inventory-service': ({ data, fails, rng, send }) => {
        if (fails(0.06, 'Deadlock found when trying to get lock')) return;
        const { orderId = '' } = data;
        if (rng.chance(0.08)) send('StockRejected', { orderId, reason: 'OUT_OF_STOCK' });
        else send('StockReserved', { orderId, reservationId: rng.uuid(), warehouse: `W${rng.int(1, 3)}` });
      },
    },
    AuthorizePayment: {
      'payment-service': ({ data, fails, flow, rng, send }) => {
        if (fails(0.12, 'Gateway timeout')) return;
        const { orderId = '', amount = 0 } = data;
        const paymentId = (flow.ids['paymentId'] = rng.uuid());
        const declined = rng.chance(0.1);
        send(declined ? 'PaymentDeclined' : 'PaymentAuthorized', { paymentId, orderId, amount });
      },
    },
    StockReserved: { 'order-service': decide },
    StockRejected: { 'order-service': decide },
    PaymentAuthorized: { 'order-service': decide },
    PaymentDeclined: { 'order-service': decide },
    ReleaseStock: {
      'inventory-service': ({ data, send }) => send('StockReleased', { orderId: data['orderId'] ?? '' }),
    },
    VoidPayment: {
      'payment-service': ({ data, send }) => send('PaymentVoided', { paymentId: data['paymentId'] ?? '' }),
    },
    OrderConfirmed: {
      'shipping-service': ({ data, flow, rng, send }) => {
        const shipmentId = (flow.ids['shipmentId'] = rng.uuid());
        send('ShipmentCreated', {
          shipmentId,
          orderId: data['orderId'] ?? '',
          carrier: rng.pick(['DHL', 'UPS']),
        });
      },
      'loyalty-service': ({ flow, rng, send }) =>
        send('PointsEarned', {
          customerId: flow.customer,
          points: rng.int(1, 90),
          reference: flow.ids['orderId'] ?? '',
        }),
      mailer: ({ data, send }) =>
        send('MailSent', { orderId: data['orderId'] ?? '', template: 'order-confirmed' }),
    },
    OrderCancelled: {
      mailer: ({ data, send }) =>
        send('MailSent', { orderId: data['orderId'] ?? '', template: 'order-cancelled' }),
    },
    ShipmentCreated: {
      'shipping-service': ({ data, rng, send }) => {
        const { shipmentId = '' } = data;
        send(
          'ShipmentDelivered',
          { shipmentId, signedBy: 'Neighbour' },
          { after: rng.int(2, 30) * HOUR + rng.int(0, HOUR) },
        );
      },
    },
    ShipmentDelivered: {
      'order-service': ({ flow, send }) =>
        send('OrderCompleted', { orderId: flow.ids['orderId'] ?? '', status: 'COMPLETED' }),
    },
  },
};

/** When stock and payment have both answered: confirm, or undo what went well. */
function decide({ flow, together, send }: Handling): void {
  const answers = together('answers', 2);
  if (!answers) return;
  const { orderId = '', paymentId = '' } = flow.ids;
  const good = answers.filter(({ type }) => type === 'StockReserved' || type === 'PaymentAuthorized');
  if (good.length === 2) return send('OrderConfirmed', { orderId, status: 'CONFIRMED' }, { causes: answers });
  for (const { type } of good) {
    if (type === 'StockReserved') send('ReleaseStock', { orderId }, { causes: answers });
    else send('VoidPayment', { paymentId, orderId }, { causes: answers });
  }
  send('OrderCancelled', { orderId, status: 'CANCELLED' }, { causes: answers });
}
