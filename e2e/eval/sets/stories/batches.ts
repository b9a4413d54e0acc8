import { HOUR, MINUTE, type Handling, type MessageType, type Story } from '../story.ts';
import type { Sent } from '../sent.ts';

const of = (domain: string, key = 'orderId'): MessageType => ({ domain, kind: 'event', key });

/** Orders that are picked a dozen at a time and settled dozens at a time in the night, then go on one by one. */
export function batches(): Story {
  const held = new Map<string, { size: number; readonly sent: Sent[] }>();

  /** Sends one event for all that came in, once enough have. */
  function gather(
    type: string,
    id: string,
    [from, to]: [number, number],
    after: number,
    handling: Handling,
  ): void {
    const { event, rng, send } = handling;
    const batch = held.get(type) ?? { size: rng.int(from, to), sent: [] };
    held.set(type, batch);
    batch.sent.push(event);
    if (batch.sent.length < batch.size) return;
    held.delete(type);
    const flows = batch.sent.flatMap((sent) => sent.flows);
    const orders = flows.map((flow) => flow.ids['orderId'] ?? '');
    send(
      type,
      { [id]: `${id}-${rng.hex(6)}`, orders, count: orders.length },
      { causes: batch.sent, flows, after },
    );
  }

  /** One event for each order of a batch. */
  const each = (type: string, id: string) => (handling: Handling) => {
    for (const flow of handling.event.flows) {
      handling.send(type, { orderId: flow.ids['orderId'], [id]: handling.data[id] }, { flows: [flow] });
    }
  };

  return {
    types: {
      OrderPlaced: of('orders'),
      PaymentAuthorized: of('payments'),
      PickListCreated: of('warehouse', 'pickList'),
      OrderPicked: of('warehouse'),
      SettlementBatchSubmitted: of('settlement', 'batch'),
      SettlementBatchBooked: of('settlement', 'batch'),
      OrderSettled: of('payments'),
      OrderArchived: of('orders'),
    },
    begin({ flow, rng, send }) {
      flow.ids['orderId'] = `${rng.int(40_000_000, 49_999_999)}`;
      send('storefront', 'OrderPlaced', {
        orderId: flow.ids['orderId'],
        customerId: flow.customer,
        total: rng.int(5, 400),
      });
    },
    handlers: {
      OrderPlaced: {
        payments: ({ data, rng, send }) =>
          send('PaymentAuthorized', { orderId: data['orderId'], authorization: rng.code(8) }),
        warehouse: (handling) => gather('PickListCreated', 'pickList', [6, 14], 0, handling),
      },
      PickListCreated: { picking: each('OrderPicked', 'pickList') },
      PaymentAuthorized: {
        settlement: (handling) => gather('SettlementBatchSubmitted', 'batch', [22, 34], 6 * HOUR, handling),
      },
      SettlementBatchSubmitted: {
        bank: ({ data, rng, send }) =>
          send('SettlementBatchBooked', { batch: data['batch'] }, { after: rng.int(3, 20) * MINUTE }),
      },
      SettlementBatchBooked: { payments: each('OrderSettled', 'batch') },
      OrderSettled: {
        'order-service': ({ data, send }) => send('OrderArchived', { orderId: data['orderId'] }),
      },
    },
  };
}
