import type { Data, Wire } from '../lines.ts';
import type { Outgoing } from '../sent.ts';
import { iso, type Framework } from '../world.ts';

const OVER_AMQP = new Set(['notifications', 'loyalty', 'crm', 'mail', 'customers']);
const STRUCTURED = new Set(['payment-service', 'billing-service']);
/** Their ids count from 1, which is unique together with the source, and all that is asked for. */
const COUNTING = new Set(['shipping-service', 'provisioning', 'crm']);
/** They know nothing of the correlation extension. */
const SILENT = new Set(['inventory-service', 'crm-sync']);

/** CloudEvents 1.0: Kafka binary and structured, AMQP binary; the correlation extension where a service knows it. */
export const cloudevents: Framework = {
  wrap(out, world) {
    const { service, type, at, data } = out;
    const id = COUNTING.has(service) ? String(world.count(service)) : world.rng.uuid();
    const handled = out.handled?.meta;
    const correlation = handled?.['correlation'] ?? handled?.['id'] ?? world.correlation(world.rng.uuid());
    Object.assign(out.meta, { id }, SILENT.has(service) ? {} : { correlation });
    const attributes: Record<string, string> = {
      specversion: '1.0',
      id,
      source: `/shop/${service}`,
      type: `com.example.${out.domain}.${type}`,
      time: iso(world.clock(service, at)),
      ...(world.rng.chance(0.5) && { subject: out.key }),
      tenant: 'acme',
    };
    if (!SILENT.has(service)) {
      attributes['correlationid'] = correlation;
      if (handled?.['id']) attributes['causationid'] = handled['id'];
    }
    if (OVER_AMQP.has(out.domain)) return overAmqp(out, attributes, data);
    return overKafka(out, attributes, data);
  },
};

function overKafka(out: Outgoing, attributes: Record<string, string>, data: Data): Wire {
  const place = { system: 'kafka', channel: `shop.${out.domain}` } as const;
  const { key } = out;
  if (STRUCTURED.has(out.service)) {
    return {
      place,
      key,
      headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      payload: { ...attributes, datacontenttype: 'application/json', data },
    };
  }
  const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  const idle =
    out.service === 'order-service' ? { 'x-request-id': '00000000-0000-0000-0000-000000000000' } : {};
  return {
    place,
    key,
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json', ...idle },
    payload: data,
  };
}

function overAmqp(out: Outgoing, attributes: Record<string, string>, data: Data): Wire {
  // Colons until the binding was amended to allow underscores: both are about.
  const mark = out.domain === 'loyalty' ? 'cloudEvents_' : 'cloudEvents:';
  return {
    place: { system: 'rabbitmq', channel: `events.${out.domain}`, channelKind: 'exchange' },
    routingKey: out.type,
    properties: { content_type: 'application/json', delivery_mode: 2 },
    headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [mark + name, value])),
    payload: data,
  };
}
