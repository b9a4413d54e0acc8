import { HOUR, type Handling, type MessageType, type Story } from '../story.ts';
import type { Sent } from '../sent.ts';

const of = (domain: string, key: string): MessageType => ({ domain, kind: 'event', key });

/** Orders, invoices, payments, shipments and parcels with ids of their own; few events name two. Some orders ship together. */
export function objects(): Story {
  let waiting: Sent | undefined;

  function plan(released: readonly Sent[], { rng, send }: Handling): void {
    const flows = released.flatMap((sent) => sent.flows);
    const shipmentId = `SH${rng.int(1e7, 9e7)}`;
    for (const flow of flows) flow.ids['shipmentId'] = shipmentId;
    const orders = flows.map((flow) => flow.ids['orderId'] ?? '');
    send(
      'ShipmentPlanned',
      { shipmentId, orders, warehouse: `W${rng.int(1, 3)}` },
      { causes: released, flows },
    );
  }

  return {
    types: {
      OrderPlaced: of('orders', 'orderId'),
      InvoiceIssued: of('invoices', 'invoiceId'),
      PaymentRequested: of('payments', 'paymentId'),
      PaymentCaptured: of('payments', 'paymentId'),
      PaymentFailed: of('payments', 'paymentId'),
      InvoicePaid: of('invoices', 'invoiceId'),
      OrderReleased: of('orders', 'orderId'),
      ShipmentPlanned: of('shipments', 'shipmentId'),
      ShipmentPacked: of('shipments', 'shipmentId'),
      ParcelScanned: of('parcels', 'parcel'),
      ParcelDelivered: of('parcels', 'parcel'),
      ShipmentClosed: of('shipments', 'shipmentId'),
      OrderClosed: of('orders', 'orderId'),
    },
    begin({ flow, rng, send }) {
      flow.ids['orderId'] = `O-${rng.int(100_000, 999_999)}`;
      send('storefront', 'OrderPlaced', {
        orderId: flow.ids['orderId'],
        customerId: flow.customer,
        channel: 'WEB',
      });
    },
    handlers: {
      OrderPlaced: {
        invoicing: ({ data, flow, rng, send }) => {
          flow.ids['invoiceId'] = `2026/${rng.int(10_000, 99_999)}`;
          send('InvoiceIssued', {
            invoiceId: flow.ids['invoiceId'],
            orderId: data['orderId'],
            currency: 'EUR',
          });
        },
      },
      InvoiceIssued: {
        payments: ({ data, flow, rng, send }) => {
          flow.ids['paymentId'] = `pay_${rng.hex(14)}`;
          send('PaymentRequested', { paymentId: flow.ids['paymentId'], invoice: data['invoiceId'] });
        },
      },
      PaymentRequested: {
        payments: ({ data, rng, send }) =>
          send(rng.chance(0.1) ? 'PaymentFailed' : 'PaymentCaptured', {
            paymentId: data['paymentId'],
            provider: 'PSP-1',
          }),
      },
      PaymentCaptured: {
        invoicing: ({ flow, send }) => send('InvoicePaid', { invoiceId: flow.ids['invoiceId'] }),
      },
      InvoicePaid: {
        'order-service': ({ flow, send }) => send('OrderReleased', { orderId: flow.ids['orderId'] }),
      },
      OrderReleased: {
        shipping: (handling) => {
          const together = waiting ? [waiting, handling.event] : [handling.event];
          // What waits goes out with the next; the one before it was to be shipped with it.
          const waits = !waiting && handling.rng.chance(0.25);
          waiting = waits ? handling.event : undefined;
          if (!waits) plan(together, handling);
        },
      },
      ShipmentPlanned: {
        warehouse: ({ data, flow, rng, send }) => {
          flow.ids['parcel'] = `00340${rng.int(1e9, 9e9)}`;
          send('ShipmentPacked', {
            shipmentId: data['shipmentId'],
            parcel: flow.ids['parcel'],
            weight: rng.int(1, 9),
          });
        },
      },
      ShipmentPacked: {
        carrier: ({ data, rng, send }) => {
          send(
            'ParcelScanned',
            { parcel: data['parcel'], depot: rng.pick(['HAM', 'LEJ']) },
            { after: rng.int(1, 3) * HOUR },
          );
        },
      },
      ParcelScanned: {
        carrier: ({ data, rng, send }) =>
          send('ParcelDelivered', { parcel: data['parcel'] }, { after: rng.int(4, 20) * HOUR }),
      },
      ParcelDelivered: {
        shipping: ({ flow, send }) => send('ShipmentClosed', { shipmentId: flow.ids['shipmentId'] }),
      },
      ShipmentClosed: {
        'order-service': ({ event, send }) => {
          for (const flow of event.flows)
            send('OrderClosed', { orderId: flow.ids['orderId'] }, { flows: [flow] });
        },
      },
    },
  };
}
