/**
 * Ledger: the books, event-sourced. One record per change of an account, keyed by account; the order is only a
 * reference inside (`data.order.id`). The merchant's account is credited by every order.
 */
import type { Identity } from '../kit/identity.ts';
import { kafkaOf, kafkaSender, sendRecord, type SendRecord } from '../kit/kafka.ts';
import { rabbitOf } from '../kit/rabbit.ts';
import { runService, type Shop } from '../kit/service.ts';
import { CUSTOMERS, customerId } from './cart.ts';

const MERCHANT = 'acc-merchant';

runService('ledger', async (shop) => {
  const send = await kafkaSender(shop);
  const rabbit = await rabbitOf(shop, 50);
  await openAccounts(shop, send);
  const booked = new Set<string>();
  let left = false;

  async function book(
    type: string,
    accountId: string,
    orderId: string,
    amount: number,
    cause: Identity,
  ): Promise<void> {
    const data = { amount, currency: 'EUR', order: { id: orderId } };
    const subject = { type, accountId, orderId };
    const record = ledgerRecord(shop, type, accountId, orderId, data);
    const fault = type === 'MoneyDeposited' && !left ? shop.fault('open-transaction', orderId) : undefined;
    if (!fault) return void (await send(record, subject, [cause]));
    left = true;
    const identity = await sendAndLeaveOpen(shop, Number(fault.parameters['ms']), record, subject, cause);
    shop.log.fault('open-transaction', identity, subject);
  }

  const queue = shop.names.queues.charges;
  await rabbit.consume(queue, async (message, identity, ack) => {
    const payment = JSON.parse(message.content.toString()) as Record<'orderId' | 'customerId', string> & {
      amount: number;
    };
    const { orderId, amount } = payment;
    if (!booked.has(orderId)) {
      booked.add(orderId);
      await book('MoneyWithdrawn', `acc-${payment.customerId}`, orderId, amount, identity);
      await book('MoneyDeposited', MERCHANT, orderId, amount, identity);
    }
    shop.log.handled(identity, { type: 'PaymentAuthorized', orderId }, queue);
    ack();
  });
});

function ledgerRecord(
  shop: Shop,
  type: string,
  accountId: string,
  about: string,
  data: object,
): Parameters<SendRecord>[0] {
  const eventId = shop.ids.uuid('ledger', type, accountId, about);
  const value = { eventId, type, accountId, occurredAt: new Date().toISOString(), data };
  return { topic: shop.names.topics.ledger, key: accountId, value };
}

/** Opens all accounts, unless an earlier run has. */
async function openAccounts(shop: Shop, send: SendRecord): Promise<void> {
  const admin = kafkaOf(shop).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(shop.names.topics.ledger);
  await admin.disconnect();
  if (ends.some(({ high }) => high !== '0')) return;
  const customers = Array.from({ length: CUSTOMERS }, (_, number) => `acc-${customerId(number)}`);
  for (const accountId of [MERCHANT, ...customers]) {
    const record = ledgerRecord(shop, 'AccountCreated', accountId, '', { currency: 'EUR' });
    await send(record, { type: 'AccountCreated', accountId });
  }
}

/** What a crash between two steps leaves behind: until it ends, readers of committed records get no further in this partition. */
async function sendAndLeaveOpen(
  shop: Shop,
  transactionTimeout: number,
  record: Parameters<SendRecord>[0],
  subject: { readonly type: string; readonly accountId: string; readonly orderId: string },
  cause: Identity,
): Promise<Identity> {
  const producer = kafkaOf(shop).producer({
    transactionalId: shop.names.group('ledger'),
    transactionTimeout,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  // Left open beyond the run, it would hold up the readers of the next one on the same brokers.
  shop.onStop(async () => {
    await transaction.abort();
    await producer.disconnect();
  });
  return sendRecord(shop, transaction, record, subject, [cause]);
}
