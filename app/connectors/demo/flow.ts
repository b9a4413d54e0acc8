import {
  amqpMessage,
  cloudEvent,
  fraudChecked,
  ledgerRecord,
  notification,
  streamEntry,
  traced,
} from './habits.ts';
import type { Order } from './order.ts';
import type { Content, Handling, Publication } from './publication.ts';
import { merchant, type Place, type Service } from './shop.ts';
import { stuckAt, type StoryKind } from './stories.ts';

/** An order's way through the shop, and when it came to the steps that batches gather. */
export interface Flow {
  readonly publications: readonly Publication[];
  readonly pickedAt: number | undefined;
  readonly dispatchedAt: number | undefined;
}

/** Of an idempotent consumer that meets the same message again. */
const copyAfter = 40;
const redeliveredAfter = 1_800;
const rejectedAfter = 30;

/** What happens to an order that is placed at this time: a function of these three alone. */
export function planOrder(order: Order, placedAt: number, story: StoryKind | undefined): Flow {
  const { orderId, customerId, items, total, takes, ids } = order;
  const publications: Publication[] = [];
  const ref = (step: string): string => `${orderId}/${step}`;

  function publish(
    step: string,
    at: number,
    [service, type, to]: readonly [Service, string, Place],
    causes: readonly string[],
    content: Content,
    more: { readonly handled?: Publication['handled']; readonly accountId?: string } = {},
  ): number {
    const { handled, accountId } = more;
    publications.push({
      ref: ref(step),
      at,
      service,
      type,
      to,
      about: { orderId, ...(accountId !== undefined && { accountId }) },
      causes: causes.map(ref),
      content,
      ...(handled && { handled }),
    });
    return at;
  }

  function place(step: string, at: number): void {
    const value = { orderId, customerId, items, total, currency: 'EUR' };
    publish(
      step,
      at,
      ['storefront', 'OrderPlaced', 'orders'],
      [],
      cloudEvent('OrderPlaced', ids.placed, orderId, at, value),
    );
  }

  /** Payment: requested, checked, authorized, booked. Undefined where it does not come about. */
  function pay(): { readonly authorized: number; readonly deposited: number } | undefined {
    const at = placedAt + takes.request;
    const again = story === 'retry' ? redeliveredAfter : 0;
    const checkedAt = at + again + (story === 'slow-service' ? takes.slowCheck : takes.check);
    const fraud: Handling =
      story === 'poison'
        ? { rejectedAt: at + rejectedAfter }
        : { doneAt: checkedAt, ...(again > 0 && { againAt: at + again }) };
    publish(
      'requested',
      at,
      ['payments', 'PaymentRequested', 'payments'],
      ['placed'],

      amqpMessage('PaymentRequested', order, {
        id: ids.requested,
        routingKey: 'payment.requested',
        at,
        version: story === 'poison' ? 2 : 1,
      }),
      { handled: { 'payments.fraud': fraud } },
    );
    if (story === 'poison') return undefined;
    publish('checked', checkedAt, ['fraud', 'FraudChecked', 'payments'], ['requested'], fraudChecked(order));
    const authorized = checkedAt + takes.authorize;
    publish(
      'authorized',
      authorized,
      ['payments', 'PaymentAuthorized', 'payments'],
      ['checked'],
      amqpMessage('PaymentAuthorized', order, {
        id: ids.authorized,
        routingKey: 'payment.authorized',
        at: authorized,
      }),
    );
    const data = { amount: total, currency: 'EUR', order: { id: orderId } };
    const book = (step: 'withdrawn' | 'deposited', type: string, accountId: string, when: number): number =>
      publish(
        step,
        when,
        ['ledger', type, 'ledger'],
        ['authorized'],
        ledgerRecord(type, ids[step], accountId, when, data),
        { accountId },
      );
    const withdrawn = book('withdrawn', 'MoneyWithdrawn', `acc-${customerId}`, authorized + takes.withdraw);
    const deposited = book('deposited', 'MoneyDeposited', merchant, withdrawn + takes.deposit);
    const receipt = authorized + takes.receipt;
    publish(
      'receipt',
      receipt,
      ['notifications', 'NotificationSent', 'notifications.email'],
      ['authorized'],
      notification('receipt', ids.receipt, orderId, receipt),
    );
    return { authorized, deposited };
  }

  /** Reserved, and picked. Undefined where that is never published. */
  function pick(): number | undefined {
    if (story === 'lost-publish') return undefined;
    const [trace, first, second] = order.trace;
    const reserved = publish(
      'reserved',
      placedAt + takes.reserve,
      ['inventory', 'InventoryReserved', 'inventory'],
      ['placed'],

      traced('InventoryReserved', orderId, [trace, first], {
        orderId,
        reservationId: `res-${orderId}`,
        lines: items.map(({ sku }) => ({ sku, warehouse: 'berlin' })),
      }),
    );
    return publish(
      'picked',
      reserved + takes.pick,
      ['inventory', 'PickListCreated', 'inventory'],
      ['reserved'],

      traced('PickListCreated', orderId, [trace, second], {
        orderId,
        pickList: `pick-${orderId}`,
        aisle: 7,
      }),
    );
  }

  /** A parcel is created and dispatched. Undefined where it never leaves. */
  function ship(ready: number): number | undefined {
    const parcel = { orderId, shipmentId: `shp-${orderId}` };
    const isOvertaken = story === 'out-of-order';
    const isStuck = story === 'stuck' || story === 'waits-behind';
    const early = ready + takes.create;
    const created = isOvertaken ? early + 300 : early;
    const dispatched = isOvertaken ? early : created + takes.dispatch;
    const consumer =
      isStuck || (order.index < stuckAt && order.index % 2 === 1) ? 'shipping-2' : 'shipping-1';
    publish(
      'created',
      created,
      ['shipping', 'ShipmentCreated', 'shipments'],
      ['picked', 'authorized'],
      streamEntry('ShipmentCreated', parcel),
      {
        handled: {
          dispatch: { consumer, doneAt: isStuck ? 'never' : Math.max(dispatched, created) + 5 },
        },
      },
    );
    if (isStuck) return undefined;
    publish(
      'dispatched',
      dispatched,
      ['shipping', 'ShipmentDispatched', 'shipments'],
      isOvertaken ? ['picked', 'authorized'] : ['created'],
      streamEntry('ShipmentDispatched', { ...parcel, tracking: order.tracking }),
      { handled: { dispatch: { consumer: 'shipping-1' } } },
    );
    const shipped = dispatched + takes.shipped;
    publish(
      'shipped',
      shipped,
      ['notifications', 'NotificationSent', 'notifications.sms'],
      ['dispatched'],
      notification('shipped', ids.shipped, orderId, shipped),
    );
    return dispatched;
  }

  place('placed', placedAt);
  if (story === 'duplicates') place('placed-again', placedAt + copyAfter);
  const paid = pay();
  const pickedAt = pick();
  const dispatchedAt = paid && pickedAt !== undefined ? ship(Math.max(paid.authorized, pickedAt)) : undefined;
  if (paid && dispatchedAt !== undefined) {
    const at = Math.max(paid.deposited, dispatchedAt) + takes.complete;
    publish(
      'completed',
      at,
      ['storefront', 'OrderCompleted', 'orders'],
      ['deposited', 'dispatched'],
      cloudEvent('OrderCompleted', ids.completed, orderId, at, { orderId }),
    );
  }
  return { publications, pickedAt, dispatchedAt };
}
