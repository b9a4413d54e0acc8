import { HOUR } from '../story.ts';
import type { Framework } from '../world.ts';

/** Instrumented by hand: what comes in goes out, with no span for the send. */
const COPYING = new Set(['inventory-service', 'policy-service', 'mailer']);
const OVER_RABBIT = new Set(['notifications', 'letters', 'payouts', 'policies']);
const POLLING = 5 * HOUR;

/**
 * OpenTelemetry's propagation: every send has a span of its own, whose parent is the consumer's span that no message
 * shows. What is due later is published by a poller, in one trace for all that it finds due.
 */
export const w3cTraceContext: Framework = {
  wrap(out, world) {
    const handled = out.handled?.meta;
    const due = Math.floor(out.at / POLLING);
    const polled = out.waited >= HOUR;
    const trace = polled ? traceOf(`poll ${out.service} ${due}`) : (handled?.['trace'] ?? world.rng.hex(32));
    const copied = COPYING.has(out.service) && !polled ? handled?.['span'] : undefined;
    const span = copied ?? world.rng.hex(16);
    Object.assign(out.meta, { trace, span });
    const headers: Record<string, string> = {
      traceparent: `00-${trace}-${span}-${out.flow.number % 5 === 0 ? '00' : '01'}`,
      ...(out.flow.number % 3 === 0 && { tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE' }),
      ...(out.service === 'order-service' && {
        baggage: `country=${out.flow.country},session.id=${out.flow.session}`,
      }),
    };
    // Its agent is switched off, and something in front of it fills in zeros.
    if (out.service === 'fraud-service' || out.service === 'catalog') {
      headers['traceparent'] = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`;
      delete out.meta['trace'];
    }
    return OVER_RABBIT.has(out.domain)
      ? {
          place: { system: 'rabbitmq', channel: `ex.${out.domain}`, channelKind: 'exchange' },
          routingKey: out.type,
          properties: { content_type: 'application/json', app_id: out.service },
          headers,
          payload: { eventType: out.type, ...out.data },
        }
      : {
          place: { system: 'kafka', channel: out.domain },
          key: out.key,
          headers,
          payload: { eventType: out.type, ...out.data },
        };

    function traceOf(name: string): string {
      const kept = polls.get(world)?.get(name) ?? world.rng.hex(32);
      polls.set(world, (polls.get(world) ?? new Map<string, string>()).set(name, kept));
      return kept;
    }
  },
};

const polls = new WeakMap<object, Map<string, string>>();
