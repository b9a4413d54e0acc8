import type { Data } from '../lines.ts';
import type { Sent } from '../sent.ts';
import type { Framework } from '../world.ts';

const VENDORS = ['b3', 'b3-multi', 'jaeger', 'datadog'] as const;
/** They continue the span of what they handle; the others have a consumer's span in between that no message shows. */
const JOINING = new Set(['order-service', 'payment-service', 'trip-saga', 'flight-service', 'hotel-service']);
/** Reads every format and writes Datadog's, since the company is moving. */
const MOVED = new Set(['shipping-service', 'mail-service', 'mailer']);
const OVER_RABBIT = new Set(['notifications', 'mail', 'cars', 'loyalty']);

/** Zipkin's, Jaeger's and Datadog's headers: of one trace id of 64 bits, hexadecimal in some and decimal in one. */
export const tracers: Framework = {
  wrap(out, world) {
    const handled: Sent['meta'] | undefined = out.handled?.meta;
    const vendor = MOVED.has(out.service) ? 'datadog' : (handled?.['vendor'] ?? world.rng.pick(VENDORS));
    // Below 2^63, as Datadog's agents make them.
    const trace = handled?.['trace'] ?? `${world.rng.int(1, 7)}${world.rng.hex(15)}`;
    const span = `${world.rng.int(1, 7)}${world.rng.hex(15)}`;
    const parent = JOINING.has(out.service) ? handled?.['span'] : handled && world.rng.hex(16);
    Object.assign(out.meta, { trace, span, vendor });
    const long = '0'.repeat(16) + trace;
    const decimal = (hex: string) => BigInt(`0x${hex}`).toString();
    const formats: Record<(typeof VENDORS)[number], Data> = {
      b3: { b3: [trace, span, '1', ...(parent ? [parent] : [])].join('-') },
      'b3-multi': {
        'X-B3-TraceId': long,
        'X-B3-SpanId': span,
        ...(parent && { 'X-B3-ParentSpanId': parent }),
        'X-B3-Sampled': '1',
      },
      jaeger: { 'uber-trace-id': `${trace}:${span}:${parent ?? '0'}:1` },
      datadog: {
        'x-datadog-trace-id': decimal(trace),
        'x-datadog-parent-id': decimal(span),
        'x-datadog-sampling-priority': '1',
        'x-datadog-tags': '_dd.p.dm=-0',
      },
    };
    const headers = formats[vendor as (typeof VENDORS)[number]];
    return OVER_RABBIT.has(out.domain)
      ? {
          place: { system: 'rabbitmq', channel: out.domain, channelKind: 'exchange' },
          routingKey: out.type,
          properties: { content_type: 'application/json' },
          headers,
          payload: { eventType: out.type, ...out.data },
        }
      : {
          place: { system: 'kafka', channel: out.domain },
          key: out.key,
          headers,
          payload: { eventType: out.type, ...out.data },
        };
  },
};
