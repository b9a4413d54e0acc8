/**
 * Shipping: sends a parcel once it is paid for and picked. Its team sends nothing but a type and a payload with
 * `orderId`: no ids, no headers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Identity } from '../kit/identity.ts';
import { consumeTopic } from '../kit/kafka.ts';
import { rabbitOf } from '../kit/rabbit.ts';
import { consumeStream, redisOf } from '../kit/redis.ts';
import { runService } from '../kit/service.ts';

/** Every so many parcels the carrier's van leaves. */
const MANIFEST_EVERY = 10;

runService('shipping', async (shop) => {
  const redis = redisOf(shop);
  const rabbit = await rabbitOf(shop, 50);
  const stream = shop.names.streams.shipments;
  const waiting = new Map<string, { picked?: Identity; paid?: Identity; created?: boolean }>();
  const dispatched: { readonly orderId: string; readonly event: Identity }[] = [];

  async function add(
    type: string,
    payload: { readonly orderId?: string; readonly orderIds?: readonly string[] },
    causedBy: readonly Identity[],
  ): Promise<Identity> {
    const { orderId, orderIds } = payload;
    const id = await redis.xadd(stream, '*', 'type', type, 'payload', JSON.stringify(payload));
    const identity: Identity = { system: 'redis', channel: stream, streamId: String(id) };
    shop.log.sent(identity, { type, ...(orderId && { orderId }), ...(orderIds && { orderIds }) }, causedBy);
    return identity;
  }

  async function note(orderId: string, step: 'picked' | 'paid', cause: Identity): Promise<void> {
    const parcel = waiting.get(orderId) ?? {};
    waiting.set(orderId, parcel);
    parcel[step] ??= cause;
    if (!parcel.picked || !parcel.paid || parcel.created) return;
    parcel.created = true;
    const causes = [parcel.picked, parcel.paid];
    if (shop.fault('out-of-order', orderId)) {
      const sent = await dispatch(orderId, causes);
      shop.log.fault('out-of-order', sent, { type: 'ShipmentDispatched', orderId });
      await sleep(300);
    }
    await add('ShipmentCreated', { orderId, ...shipmentOf(orderId) }, causes);
  }

  async function dispatch(orderId: string, causes: readonly Identity[]): Promise<Identity> {
    const tracking = shop.ids.hex(12, 'tracking', orderId).toUpperCase();
    const event = await add(
      'ShipmentDispatched',
      { orderId, ...shipmentOf(orderId), ...{ tracking } },
      causes,
    );
    dispatched.push({ orderId, event });
    if (dispatched.length >= MANIFEST_EVERY) await closeManifest();
    return event;
  }

  async function closeManifest(): Promise<void> {
    const batch = dispatched.splice(0, MANIFEST_EVERY);
    const orderIds = batch.map(({ orderId }) => orderId);
    await add(
      'ShipmentManifest',
      { orderIds, ...{ carrier: 'northpost' } },
      batch.map(({ event }) => event),
    );
  }

  const group = shop.names.group('shipping');
  const queue = shop.names.queues.shipping;
  await Promise.all([
    consumeStream(shop, stream, shop.names.group('dispatch'), async ({ identity, type, payload }) => {
      const { orderId, orderIds } = JSON.parse(payload) as { orderId?: string; orderIds?: string[] };
      if (type === 'ShipmentCreated' && orderId && !shop.fault('out-of-order', orderId)) {
        await dispatch(orderId, [identity]);
      }
      const subject = { type, ...(orderId && { orderId }), ...(orderIds && { orderIds }) };
      shop.log.handled(identity, subject, shop.names.group('dispatch'));
    }),
    consumeTopic(shop, shop.names.topics.inventory, group, async ({ identity, value }) => {
      const { eventType, orderId, orderIds } = JSON.parse(value) as Record<string, string> & {
        orderIds?: string[];
      };
      const type = String(eventType);
      if (type === 'PickListCreated' && orderId) await note(orderId, 'picked', identity);
      shop.log.handled(identity, { type, ...(orderId && { orderId }), ...(orderIds && { orderIds }) }, group);
    }),
    rabbit.consume(queue, async (message, identity, ack) => {
      const { orderId } = JSON.parse(message.content.toString()) as { orderId: string };
      await note(orderId, 'paid', identity);
      shop.log.handled(identity, { type: 'PaymentAuthorized', orderId }, queue);
      ack();
    }),
  ]);
});

function shipmentOf(orderId: string): { shipmentId: string } {
  return { shipmentId: `shp-${orderId}` };
}
