import { snake, renamed, type Data, type Json, type Place, type Wire } from '../lines.ts';
import type { Outgoing } from '../sent.ts';
import { iso, type Framework, type World } from '../world.ts';

/** Ids of a kind, made for the UUIDs of a story: `ORD-100234`, or plain numbers that every kind counts for itself. */
function naming(numeric: boolean) {
  const given = new WeakMap<World, Map<string, string | number>>();
  return (
    world: World,
    kind: 'order' | 'payment' | 'shipment' | 'customer',
    id: Json | undefined,
  ): string | number => {
    const known = given.get(world) ?? new Map<string, string | number>();
    given.set(world, known);
    const name = `${kind} ${JSON.stringify(id)}`;
    const number = 1000 + (known.get(name) === undefined ? world.count(kind) : 0);
    const made = numeric
      ? number
      : `${{ order: 'ORD', payment: 'PAY', shipment: 'SHP', customer: 'C' }[kind]}-${97_000 + number}`;
    const kept = known.get(name) ?? made;
    known.set(name, kept);
    return kept;
  };
}

const kafka = (channel: string): Place => ({ system: 'kafka', channel });

/**
 * A shop whose services know no context at all, and each of which calls an order something else. With numbers, order
 * 1042 is somebody else's than payment 1042.
 */
export function plainOrders(numeric: boolean): Framework {
  const named = naming(numeric);
  return {
    wrap(out, world) {
      const { data, flow, type, domain } = out;
      const { orderId, paymentId, shipmentId, customerId: _customer, lines: _lines, ...rest } = data;
      if (!flow.ids['orderId']) return { place: kafka(domain), key: out.key, payload: { type, ...data } };
      const order = named(world, 'order', flow.ids['orderId']);
      const customer = named(world, 'customer', flow.customer);
      const payment = paymentId === undefined ? undefined : named(world, 'payment', paymentId);
      const shipment = shipmentId === undefined ? undefined : named(world, 'shipment', shipmentId);
      const says = orderId !== undefined;
      const at = iso(world.clock(out.service, out.at));
      const dialect = dialects[out.service] ?? dialects['order-service'];
      if (!dialect) throw new Error(`Nobody speaks for ${out.service}`);
      return dialect({ out, order, customer, payment, shipment, says, at, rest, numeric });
    },
  };
}

interface Words {
  readonly out: Outgoing;
  readonly order: string | number;
  readonly customer: string | number;
  readonly payment?: string | number;
  readonly shipment?: string | number;
  /** Whether this message names its order at all. */
  readonly says: boolean;
  readonly at: string;
  readonly rest: Data;
  readonly numeric: boolean;
}

const dialects: Readonly<Record<string, (words: Words) => Wire>> = {
  storefront: ({ out, order, customer, at, rest }) => ({
    place: kafka('shop.orders'),
    key: String(order),
    payload: {
      eventType: out.type,
      eventTime: at,
      tenant: 'acme',
      data: {
        order: { id: order, customer: { id: customer, country: out.flow.country }, items: out.data['lines'] },
        ...rest,
      },
    },
  }),
  'order-service': ({ out, order, payment, customer, rest, numeric }) => ({
    place: kafka(`order-service.${snake(out.type).slice(1)}`),
    key: String(out.kind === 'command' && numeric ? customer : order),
    payload: renamed({ orderId: order, paymentId: payment, ...rest, items: out.data['lines'] }, snake),
  }),
  'inventory-service': ({ out, order, rest, at }) => ({
    place: kafka('inventory'),
    payload: { kind: out.type, reference: order, ...rest, reservationId: out.flow.number, at },
  }),
  'payment-service': ({ out, order, payment, says, rest, numeric }) => ({
    place: kafka('payments'),
    key: String(payment ?? order),
    payload: numeric
      ? { event: out.type, id: payment, ...(says && { order }), ...rest }
      : { event: out.type, payment: { id: payment, ...(says && { merchantReference: order }), ...rest } },
  }),
  'shipping-service': ({ out, order, shipment, rest }) => ({
    place: { system: 'rabbitmq', channel: 'shipping', channelKind: 'exchange' },
    routingKey: out.type === 'ShipmentCreated' ? `shipment.created.${order}` : 'shipment.delivered',
    properties: { content_type: 'application/json' },
    payload: { id: shipment, ...(out.type === 'ShipmentCreated' && { order_no: order }), ...rest },
  }),
  'loyalty-service': ({ out, order, customer, rest }) => ({
    place: { system: 'redis', channel: 'loyalty', channelKind: 'stream' },
    payload: {
      type: out.type,
      member: String(customer),
      points: JSON.stringify(rest['points']),
      source: `order:${order}`,
    },
  }),
  mailer: ({ out, order, customer }) => ({
    place: { system: 'rabbitmq', channel: 'mail', channelKind: 'exchange' },
    routingKey: 'mail.sent',
    properties: { type: out.type },
    payload: {
      recipient: customer,
      template: out.data['template'],
      context: { orderRef: String(order), locale: 'de' },
    },
  }),
};
