import { Kafka, logLevel, Partitioners } from 'kafkajs';

export const topic = 'bench-orders';
const partitions = 4;
const perSend = 2_000;

/** A JSON order of about 500 bytes, as a shop would publish it. */
export function order(n: number, eventType = 'OrderCreated'): { key: string; value: string } {
  const key = `order-${n}`;
  const value = JSON.stringify({
    eventType,
    occurredAt: new Date(1_780_000_000_000 + n).toISOString(),
    data: {
      orderId: key,
      customerId: `customer-${n % 5_000}`,
      currency: 'EUR',
      total: (n % 997) / 10,
      items: [
        { sku: `sku-${n % 89}`, quantity: 1 + (n % 3), price: 19.9 },
        { sku: `sku-${n % 83}`, quantity: 1, price: 4.5 },
      ],
      shippingAddress: { street: 'Lindenallee 12', city: 'Hamburg', postcode: '20253', country: 'DE' },
      note: 'Please ring twice; the bell at the gate is quiet. '.repeat(2),
    },
  });
  return { key, value };
}

/** Fills a new topic with this many orders; resolves when all are acknowledged. */
export async function fillOrders(bootstrap: string, events: number): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let n = 0; n < events; n += perSend) {
    const messages = Array.from({ length: Math.min(perSend, events - n) }, (_, i) => order(n + i));
    await producer.send({ topic, messages, acks: 1 });
  }
  await producer.disconnect();
}
