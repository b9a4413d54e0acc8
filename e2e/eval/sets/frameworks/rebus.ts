import { pascal, renamed, type Json } from '../lines.ts';
import { HOUR } from '../story.ts';
import { iso, type Framework } from '../world.ts';

/** Rebus on RabbitMQ: the correlation id of the first message flows with a sequence number; replies name their request. */
export const rebus: Framework = {
  wrap(out, world) {
    const id = world.rng.uuid();
    const handled = out.handled?.meta;
    const correlation = handled?.['correlation'] ?? id;
    const sequence = handled ? Number(handled['sequence']) + 1 : 0;
    Object.assign(out.meta, { id, correlation, sequence: String(sequence) });
    const type = `Acme.Contracts.${out.type}, Acme.Contracts`;
    const queue = out.to ?? `${out.domain}-service`;
    const headers: Record<string, Json> = {
      'rbs2-msg-id': id,
      'rbs2-msg-type': type,
      'rbs2-corr-id': correlation,
      'rbs2-corr-seq': String(sequence),
      'rbs2-return-address': out.service,
      'rbs2-sender-address': out.service,
      'rbs2-senttime': iso(world.clock(out.service, out.at)).replace('Z', '0000+00:00'),
      'rbs2-intent': out.kind === 'event' ? 'pub' : 'p2p',
      'rbs2-content-type': 'application/json;charset=utf-8',
      ...(out.kind === 'reply' && handled?.['id'] && { 'rbs2-in-reply-to': handled['id'] }),
      ...(out.waited >= HOUR && {
        'rbs2-deferred-until': iso(out.at).replace('Z', '0000+00:00'),
        'rbs2-defer-recipient': out.service,
        'rbs2-defer-count': '1',
      }),
    };
    return {
      place: {
        system: 'rabbitmq',
        channel: out.kind === 'event' ? 'RebusTopics' : 'RebusDirect',
        channelKind: 'exchange',
      },
      routingKey: out.kind === 'event' ? type : queue,
      properties: {
        message_id: id,
        correlation_id: correlation,
        content_type: 'application/json',
        delivery_mode: 2,
      },
      headers,
      payload: { $type: type, ...(renamed(out.data, pascal) as object) },
    };
  },
  failed({ sent, by, attempt, reason }) {
    if (attempt === 1) return undefined;
    return {
      wire: {
        ...sent.wire,
        place: { system: 'rabbitmq', channel: 'RebusDirect', channelKind: 'exchange' },
        routingKey: 'error',
        headers: {
          ...sent.wire?.headers,
          'rbs2-error-details': `System.AggregateException: 5 unhandled exceptions (${reason})`,
          'rbs2-source-queue': by,
        },
      },
      meta: sent.meta,
      after: 5,
      waits: 0,
      dead: true,
    };
  },
};
