/**
 * Inventory: reserves what was ordered and has it picked. Its team uses W3C trace context and nothing else: it
 * continues the trace of what it handles, and begins one where there is none.
 */
import type { Identity } from '../kit/identity.ts';
import { consumeTopic, kafkaSender, type KafkaRecord } from '../kit/kafka.ts';
import { runService } from '../kit/service.ts';
import { misbehaviour } from './inventory-faults.ts';

/** Every so many picked orders the stock is counted. */
const RECONCILE_EVERY = 20;

runService('inventory', async (shop) => {
  const send = await kafkaSender(shop);
  const { orders: ordersTopic, inventory: topic } = shop.names.topics;
  const reserved = new Set<string>();
  const picked: { readonly orderId: string; readonly event: Identity }[] = [];

  async function emit(type: string, orderId: string, details: object, cause: KafkaRecord): Promise<Identity> {
    const headers = { traceparent: traceparent(String(cause.headers['traceparent'] ?? ''), type, orderId) };
    const value = { eventType: type, orderId, ...details };
    return send({ topic, key: orderId, headers, value }, { type, orderId }, [cause.identity]);
  }

  function traceparent(incoming: string, ...about: readonly string[]): string {
    const trace = /^00-([0-9a-f]{32})-/.exec(incoming)?.[1] ?? shop.ids.hex(32, 'trace', ...about);
    return `00-${trace}-${shop.ids.hex(16, 'span', ...about)}-01`;
  }

  async function reserve(record: KafkaRecord): Promise<void> {
    const { orderId, items } = JSON.parse(record.value) as { orderId?: string; items?: { sku: string }[] };
    if (orderId === undefined || items === undefined) {
      console.error(`inventory: order ${record.key} has no orderId, ignored`);
      return;
    }
    if (reserved.has(orderId) && !shop.fault('rebalance-loop', orderId)) return;
    reserved.add(orderId);
    if (shop.fault('lost-publish', orderId)) {
      return shop.log.fault('lost-publish', record.identity, { type: 'InventoryReserved', orderId });
    }
    const lines = items.map(({ sku }) => ({ sku, warehouse: 'berlin' }));
    await emit('InventoryReserved', orderId, { reservationId: `res-${orderId}`, lines }, record);
  }

  async function pick(record: KafkaRecord): Promise<void> {
    const { orderId } = JSON.parse(record.value) as { orderId: string };
    const event = await emit('PickListCreated', orderId, { pickList: `pick-${orderId}`, aisle: 7 }, record);
    picked.push({ orderId, event });
    if (picked.length >= RECONCILE_EVERY) await reconcile();
  }

  async function reconcile(): Promise<void> {
    const batch = picked.splice(0, RECONCILE_EVERY);
    const orderIds = batch.map(({ orderId }) => orderId);
    const type = 'StockReconciled';
    const headers = { traceparent: traceparent('', type, ...orderIds) };
    const value = { eventType: type, warehouse: 'berlin', orderIds };
    await send(
      { topic, key: 'berlin', headers, value },
      { type, orderIds },
      batch.map(({ event }) => event),
    );
  }

  const faulty = misbehaviour(shop);
  const group = shop.names.group('inventory');
  const handleOrder = async (record: KafkaRecord): Promise<void> => {
    const type = String(record.headers['ce_type']);
    await faulty.before(record, type);
    if (type === 'OrderPlaced') await reserve(record);
    shop.log.handled(record.identity, { type, orderId: record.key }, group);
    await faulty.after(record, type);
  };
  const warehouse = shop.names.group('warehouse');
  const [ordersConsumer] = await Promise.all([
    consumeTopic(shop, ordersTopic, group, handleOrder, faulty.consumerConfig),
    consumeTopic(shop, topic, warehouse, async (record) => {
      const { eventType, orderId, orderIds } = JSON.parse(record.value) as InventoryEvent;
      if (eventType === 'InventoryReserved') await pick(record);
      const subject = { type: eventType, ...(orderId && { orderId }), ...(orderIds && { orderIds }) };
      shop.log.handled(record.identity, subject, warehouse);
    }),
  ]);
  faulty.joined(ordersConsumer);
});

interface InventoryEvent {
  readonly eventType: string;
  readonly orderId?: string;
  readonly orderIds?: string[];
}
