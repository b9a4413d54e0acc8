/**
 * Notifications: writes to customers, by publishing on Redis channels that the senders of mail and text messages
 * listen to. Its team writes `order_id`, and publishes to whoever listens at that moment.
 */
import type { Identity } from '../kit/identity.ts';
import { rabbitOf } from '../kit/rabbit.ts';
import { consumeStream, redisOf } from '../kit/redis.ts';
import { runService } from '../kit/service.ts';

runService('notifications', async (shop) => {
  const redis = redisOf(shop);
  const rabbit = await rabbitOf(shop, 50);
  let brokenOnce = false;

  async function notify(to: string, template: string, orderId: string, cause: Identity): Promise<void> {
    const type = 'NotificationSent';
    const notificationId = shop.ids.uuid('notifications', template, orderId);
    const message = {
      type,
      notification_id: notificationId,
      order_id: orderId,
      template,
      sent_at: new Date(),
    };
    await redis.publish(to, JSON.stringify(message));
    shop.log.sent({ system: 'redis', channel: to, messageId: notificationId }, { type, orderId }, [cause]);
  }

  const queue = shop.names.queues.receipts;
  await rabbit.consume(queue, async (message, identity, ack) => {
    const { orderId } = JSON.parse(message.content.toString()) as { orderId: string };
    await notify(shop.names.pubsub.email, 'receipt', orderId, identity);
    shop.log.handled(identity, { type: 'PaymentAuthorized', orderId }, queue);
    ack();
    if (!brokenOnce && shop.fault('channel-closed', orderId)) {
      brokenOnce = true;
      shop.log.fault('channel-closed', identity, { type: 'PaymentAuthorized', orderId });
      // A classic mistake. RabbitMQ answers by closing the channel, and nobody here opens another.
      ack();
    }
  });
  const group = shop.names.group('notifications');
  await consumeStream(shop, shop.names.streams.shipments, group, async ({ identity, type, payload }) => {
    const { orderId, orderIds } = JSON.parse(payload) as { orderId?: string; orderIds?: string[] };
    if (type === 'ShipmentDispatched' && orderId)
      await notify(shop.names.pubsub.sms, 'shipped', orderId, identity);
    shop.log.handled(identity, { type, ...(orderId && { orderId }), ...(orderIds && { orderIds }) }, group);
  });
});
