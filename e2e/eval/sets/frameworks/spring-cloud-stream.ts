import { bigEndian, type Json, type Wire } from '../lines.ts';
import type { Framework } from '../world.ts';

/** They answer from a function, which copies the headers of what came in. The others use StreamBridge, which does not. */
const FUNCTIONS = new Set([
  'inventory-service',
  'payment-service',
  'shipping-service',
  'mailer',
  'scanner',
  'transcoder',
]);
/** Older services map all strings as JSON, with their quotes. */
const QUOTING = new Set(['payment-service', 'notifier']);
const OVER_RABBIT = new Set(['notifications', 'loyalty', 'notify', 'thumbnails']);

/** Spring Cloud Stream with the Kafka and the RabbitMQ binder; a correlation id that the company adds at its edges. */
export const springCloudStream: Framework = {
  wrap(out, world) {
    const copied = FUNCTIONS.has(out.service) ? out.handled?.meta['correlation'] : undefined;
    const fresh = out.handled ? undefined : world.correlation(world.rng.uuid());
    const correlation = copied ?? fresh;
    if (correlation) out.meta['correlation'] = correlation;
    const text = (value: string) => (QUOTING.has(out.service) ? JSON.stringify(value) : value);
    const headers: Record<string, Json> = {
      contentType: text('application/json'),
      ...(correlation && { correlationId: text(correlation) }),
      eventType: text(out.type),
      'x-country': text(out.flow.country),
    };
    if (OVER_RABBIT.has(out.domain)) {
      return {
        place: { system: 'rabbitmq', channel: out.domain, channelKind: 'exchange' },
        routingKey: out.domain,
        properties: {
          content_type: 'application/json',
          message_id: world.rng.uuid(),
          delivery_mode: 2,
          priority: 0,
        },
        headers,
        payload: out.data,
      };
    }
    return {
      place: { system: 'kafka', channel: out.domain },
      // Without a partition key expression there is none.
      ...(out.domain === 'payments' || out.domain === 'transcode' ? {} : { key: out.key }),
      headers: {
        ...headers,
        'target-protocol': text('kafka'),
        spring_json_header_types: '{"contentType":"java.lang.String","correlationId":"java.lang.String"}',
      },
      payload: out.data,
    };
  },
  failed({ sent, by, attempt, reason }) {
    // The first attempts are made in the process: the dead-letter topic is all that is seen of them.
    const wire = sent.wire as Wire;
    if (attempt === 1 || wire.place.system === 'rabbitmq') return undefined;
    const position = {
      'x-original-topic': wire.place.channel,
      'x-original-partition': bigEndian(sent.partition ?? 0, 4),
    };
    return {
      wire: {
        ...wire,
        place: { ...wire.place, channel: `error.${wire.place.channel}.${by}` },
        headers: {
          ...wire.headers,
          ...position,
          'x-original-offset': bigEndian(Number(sent.offset), 8),
          'x-original-timestamp-type': 'CreateTime',
          'x-exception-fqcn': 'org.springframework.messaging.MessageHandlingException',
          'x-exception-message': reason,
        },
      },
      meta: sent.meta,
      after: 3000,
      waits: 0,
      dead: true,
    };
  },
};
