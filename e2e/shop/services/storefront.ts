/**
 * Storefront: takes orders and tells when they are complete. Its team sends CloudEvents in binary mode (`ce_`
 * headers, plain JSON payload).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Identity } from '../kit/identity.ts';
import { consumeTopic, kafkaSender, type SendRecord } from '../kit/kafka.ts';
import { consumeStream, redisOf } from '../kit/redis.ts';
import { runService, type Shop } from '../kit/service.ts';
import { cartOf, type Cart } from './cart.ts';

interface Progress {
  paid?: Identity;
  shipped?: Identity;
  completed?: boolean;
}

runService('storefront', async (shop) => {
  const send = await kafkaSender(shop);
  const open = new Map<string, Progress>();

  // An order is complete when its money has arrived and its parcel has left, in whichever order.
  async function note(orderId: string, step: 'paid' | 'shipped', cause: Identity): Promise<void> {
    const progress = open.get(orderId);
    if (!progress) return;
    progress[step] ??= cause;
    if (!progress.paid || !progress.shipped || progress.completed) return;
    progress.completed = true;
    await sendCloudEvent(shop, send, 'OrderCompleted', orderId, { orderId }, [
      progress.paid,
      progress.shipped,
    ]);
    shop.report({ kind: 'completed', orderId });
  }

  await Promise.all([
    consumeTopic(
      shop,
      shop.names.topics.ledger,
      shop.names.group('storefront'),
      async ({ identity, value }) => {
        const { type, accountId, data } = JSON.parse(value) as LedgerEvent;
        const orderId = data.order?.id;
        shop.log.handled(
          identity,
          { type, accountId, ...(orderId && { orderId }) },
          shop.names.group('storefront'),
        );
        if (type === 'MoneyDeposited' && orderId) await note(orderId, 'paid', identity);
      },
    ),
    consumeStream(shop, shop.names.streams.shipments, shop.names.group('storefront'), async (entry) => {
      const about = JSON.parse(entry.payload) as { orderId?: string; orderIds?: string[] };
      const { orderId, orderIds } = about;
      const subject = { type: entry.type, ...(orderId && { orderId }), ...(orderIds && { orderIds }) };
      shop.log.handled(entry.identity, subject, shop.names.group('storefront'));
      if (entry.type === 'ShipmentDispatched' && orderId) await note(orderId, 'shipped', entry.identity);
    }),
    showNotifications(shop),
  ]);
  void shop.go.then(() => placeOrders(shop, send, open));
});

interface LedgerEvent {
  readonly type: string;
  readonly accountId: string;
  readonly data: { readonly order?: { readonly id: string } };
}

async function placeOrders(shop: Shop, send: SendRecord, open: Map<string, Progress>): Promise<void> {
  const { firstOrder, orders, rate } = shop.config;
  const started = Date.now();
  for (let index = 0; index < orders; index++) {
    const due = started + (index * 1000) / rate;
    if (due > Date.now()) await sleep(due - Date.now());
    const orderId = String(firstOrder + index);
    open.set(orderId, {});
    const payload = shop.fault('schema-change', orderId) ? newShape(orderId, shop) : oldShape(orderId, shop);
    // Not awaited: a shop does not stop taking orders because a broker is slow.
    void placeOrder(shop, send, orderId, payload);
  }
}

async function placeOrder(shop: Shop, send: SendRecord, orderId: string, payload: object): Promise<void> {
  const sent = await sendCloudEvent(shop, send, 'OrderPlaced', orderId, payload, []);
  if (shop.fault('schema-change', orderId))
    shop.log.fault('schema-change', sent, { type: 'OrderPlaced', orderId });
  if (shop.fault('duplicates', orderId)) {
    const again = await sendCloudEvent(shop, send, 'OrderPlaced', orderId, payload, []);
    shop.log.fault('duplicates', again, { type: 'OrderPlaced', orderId });
  }
  shop.report({ kind: 'placed', orderId });
}

function sendCloudEvent(
  shop: Shop,
  send: SendRecord,
  type: string,
  orderId: string,
  value: object,
  causedBy: readonly Identity[],
): Promise<Identity> {
  const headers = {
    ce_specversion: '1.0',
    ce_id: shop.ids.uuid('storefront', type, orderId),
    ce_type: type,
    ce_source: '/storefront',
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
  };
  return send({ topic: shop.names.topics.orders, key: orderId, headers, value }, { type, orderId }, causedBy);
}

function oldShape(orderId: string, shop: Shop): object {
  const { customerId, items, total }: Cart = cartOf(shop.ids, orderId);
  return { orderId, customerId, items, total, currency: 'EUR' };
}

function newShape(orderId: string, shop: Shop): object {
  const { customerId, items, total }: Cart = cartOf(shop.ids, orderId);
  return {
    order: { id: orderId },
    customer: { id: customerId },
    lines: items,
    total: { amount: total, currency: 'EUR' },
  };
}

/** What a browser would show: every notification that was published while we listened. */
async function showNotifications(shop: Shop): Promise<void> {
  const redis = redisOf(shop);
  redis.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const { type, order_id, notification_id } = JSON.parse(text) as Record<string, string>;
    const identity: Identity = { system: 'redis', channel, messageId: String(notification_id) };
    shop.log.handled(identity, { type: String(type), orderId: String(order_id) }, 'storefront');
  });
  await redis.psubscribe(shop.names.pubsub.pattern);
}
