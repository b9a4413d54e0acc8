/**
 * Fraud: looks at each payment. Its team puts `message-id`, `correlation-id` and `causation-id` (the id of the
 * message that it answers) into headers, and does not repeat the order's number in what it sends.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { publishPayment, rabbitOf } from '../kit/rabbit.ts';
import { runService } from '../kit/service.ts';

runService('fraud', async (shop) => {
  // Far more than are in work at a time, so that some that are never acknowledged do not hold up the rest.
  const rabbit = await rabbitOf(shop, 500);
  const queue = shop.names.queues.fraud;
  await rabbit.consume(queue, async (message, identity, ack) => {
    const payment = JSON.parse(message.content.toString()) as {
      paymentId: string;
      orderId: string;
      amount: number;
    };
    const { paymentId, orderId, amount } = payment;
    const subject = { type: 'PaymentRequested', orderId };
    if (shop.fault('payment-stuck', orderId)) return shop.log.fault('payment-stuck', identity, subject);
    const slow = shop.fault('slow-service', orderId);
    if (slow) {
      shop.log.fault('slow-service', identity, subject);
      await sleep(Number(slow.parameters['ms']));
    }
    const score = shop.ids.below(60, 'score', orderId) + (amount > 400 ? 10 : 0);
    const messageId = shop.ids.uuid('fraud', 'FraudChecked', orderId);
    const headers = {
      'message-id': messageId,
      'correlation-id': message.properties.correlationId as string,
      'causation-id': message.properties.messageId as string,
    };
    const body = JSON.stringify({ eventType: 'FraudChecked', paymentId, score, decision: 'accept' });
    const routingKey = 'fraud.checked';
    await publishPayment(
      shop,
      rabbit,
      { routingKey, body, messageId, options: { headers } },
      { type: 'FraudChecked', orderId },
      [identity],
    );
    shop.log.handled(identity, subject, queue);
    ack();
  });
});
