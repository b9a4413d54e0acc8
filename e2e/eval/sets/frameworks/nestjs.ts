import type { Framework, World } from '../world.ts';

const OVER_RABBIT = new Set(['policies', 'letters', 'notifications', 'loyalty', 'payouts']);

/** NestJS microservices: events have no context at all; requests have one that lives until the reply. */
export const nestjs: Framework = {
  wrap(out, world) {
    const pattern = `${out.domain}.${out.type.replaceAll(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()}`;
    const asked = out.handled?.meta;
    if (out.kind === 'request') Object.assign(out.meta, { id: packetId(world), pattern });
    if (OVER_RABBIT.has(out.domain)) return overRabbit(pattern);
    const headers = {
      ...(out.kind === 'request' && {
        kafka_correlationId: out.meta['id'],
        kafka_replyTopic: `${pattern}.reply`,
        kafka_replyPartition: '0',
      }),
      ...(out.kind === 'reply' && { kafka_correlationId: asked?.['id'], 'kafka_nest-is-disposed': '\u0000' }),
    };
    return {
      place: {
        system: 'kafka',
        channel: out.kind === 'reply' ? `${asked?.['pattern']}.reply` : pattern,
        partitions: out.kind === 'reply' ? 1 : 3,
      },
      // Emitted as { key, value } by most, as a bare value by some.
      ...(out.kind !== 'reply' && out.service !== 'payment-service' ? { key: out.key } : {}),
      headers,
      payload: out.data,
    };

    function overRabbit(named: string) {
      if (out.kind === 'reply') {
        return {
          place: {
            system: 'rabbitmq',
            channel: `amq.rabbitmq.reply-to.${out.to}`,
            channelKind: 'queue',
          } as const,
          properties: { correlation_id: asked?.['id'] },
          payload: { response: out.data, isDisposed: true, id: asked?.['id'] },
        };
      }
      return {
        place: { system: 'rabbitmq', channel: `${out.domain}_queue`, channelKind: 'queue' } as const,
        routingKey: `${out.domain}_queue`,
        ...(out.kind === 'request' && {
          properties: { reply_to: 'amq.rabbitmq.reply-to', correlation_id: out.meta['id'] },
        }),
        payload: { pattern: named, data: out.data, ...(out.kind === 'request' && { id: out.meta['id'] }) },
      };
    }
  },
};

const packetId = (world: World) => world.rng.hex(21);
