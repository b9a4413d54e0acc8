/**
 * Payments: has each order checked for fraud and then authorizes its payment. Its team sets the AMQP properties
 * as the book says (message_id, correlation_id, app_id, type, timestamp).
 */
import { eventKey, type Identity } from '../kit/identity.ts';
import { consumeTopic, type KafkaRecord } from '../kit/kafka.ts';
import { publishPayment, rabbitOf } from '../kit/rabbit.ts';
import { runService } from '../kit/service.ts';

interface Payment {
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
}

runService('payments', async (shop) => {
  const rabbit = await rabbitOf(shop, 50);
  const payments = new Map<string, Payment>();
  const requested = new Set<string>();

  async function send(
    type: string,
    payment: Payment & { readonly paymentId: string },
    routingKey: string,
    causedBy: Identity,
    body = JSON.stringify({ ...payment, currency: 'EUR' }),
  ): Promise<Identity> {
    const messageId = shop.ids.uuid('payments', type, payment.orderId);
    const correlationId = shop.ids.uuid('payments', 'correlation', payment.orderId);
    const timestamp = Math.floor(Date.now() / 1000);
    const options = { messageId, correlationId, appId: 'payments', type, timestamp };
    const { orderId } = payment;
    return publishPayment(shop, rabbit, { routingKey, body, messageId, options }, { type, orderId }, [
      causedBy,
    ]);
  }

  async function request(record: KafkaRecord): Promise<void> {
    const payment = paymentOf(record.value);
    const { orderId } = payment;
    if (requested.has(orderId)) return;
    const paymentId = `pay-${shop.ids.hex(10, 'payment', orderId)}`;
    payments.set(paymentId, payment);
    const body = shop.fault('poison', orderId) ? `{"orderId":"${orderId}","amount":` : undefined;
    const sent = await send(
      'PaymentRequested',
      { paymentId, ...payment },
      'payment.requested',
      record.identity,
      body,
    );
    requested.add(orderId);
    if (body) shop.log.fault('poison', sent, { type: 'PaymentRequested', orderId });
  }

  async function authorize(
    decision: { paymentId: string; decision: string },
    cause: Identity,
  ): Promise<void> {
    const payment = payments.get(decision.paymentId);
    if (!payment || decision.decision !== 'accept') return;
    const { orderId } = payment;
    const mistyped = shop.fault('unrouted', orderId);
    const routingKey = mistyped ? 'payment.authorised' : 'payment.authorized';
    const sent = await send(
      'PaymentAuthorized',
      { paymentId: decision.paymentId, ...payment },
      routingKey,
      cause,
    );
    if (mistyped) shop.log.fault('unrouted', sent, { type: 'PaymentAuthorized', orderId });
  }

  const authorized = new Set<string>();
  await rabbit.consume(shop.names.queues.decisions, async (message, identity, ack) => {
    const decision = JSON.parse(message.content.toString()) as { paymentId: string; decision: string };
    if (!authorized.has(eventKey(identity))) await authorize(decision, identity);
    authorized.add(eventKey(identity));
    const orderId = payments.get(decision.paymentId)?.orderId;
    shop.log.handled(
      identity,
      { type: 'FraudChecked', ...(orderId && { orderId }) },
      shop.names.queues.decisions,
    );
    ack();
  });
  const group = shop.names.group('payments');
  await consumeTopic(shop, shop.names.topics.orders, group, async (record) => {
    const type = String(record.headers['ce_type']);
    if (type === 'OrderPlaced') await request(record);
    shop.log.handled(record.identity, { type, orderId: record.key }, group);
  });
});

/** Reads an order in the shape that it has always had, and in the new one. */
function paymentOf(text: string): Payment {
  const order = JSON.parse(text) as {
    orderId?: string;
    customerId?: string;
    order?: { id: string };
    customer?: { id: string };
    total: number | { amount: number };
  };
  return {
    orderId: order.orderId ?? order.order?.id ?? '',
    customerId: order.customerId ?? order.customer?.id ?? '',
    amount: typeof order.total === 'number' ? order.total : order.total.amount,
  };
}
