import type { Data, Json, Wire } from '../lines.ts';
import { iso, type Framework } from '../world.ts';

/** Their message ids count from 1 since they were last started. */
const COUNTING = new Set([
  'claims-portal',
  'policy-service',
  'letter-service',
  'ledger-service',
  'storefront',
  'mailer',
]);
/** They hand on the correlation id of what they handle. The others set their own message's, or none. */
const HANDING_ON = new Set([
  'claims-service',
  'order-service',
  'payment-service',
  'payout-service',
  'shipping-service',
]);

/** RabbitMQ with no more than its properties: RPC by reply_to and correlation_id, dead letters by x-death. */
export const amqpProperties: Framework = {
  wrap(out, world) {
    const id = COUNTING.has(out.service) ? String(world.count(`id ${out.service}`)) : world.rng.uuid();
    const handled = out.handled?.meta;
    const request = out.kind === 'request' ? String(world.count(`rpc ${out.service}`)) : undefined;
    const conversation = handled ? handled['conversation'] : world.correlation(world.rng.uuid());
    if (conversation && (HANDING_ON.has(out.service) || !handled)) out.meta['conversation'] = conversation;
    const correlation = request ?? (out.kind === 'reply' ? handled?.['request'] : out.meta['conversation']);
    const queue = `amq.gen-${Buffer.from(out.kind === 'reply' ? (out.to ?? '') : out.service)
      .toString('base64url')
      .slice(0, 16)}`;
    if (request) Object.assign(out.meta, { request });
    const properties: Data = {
      message_id: id,
      ...(correlation
        ? { correlation_id: correlation }
        : out.service === 'mailer' && { correlation_id: 'unknown' }),
      ...(out.kind === 'request' && { reply_to: queue }),
      timestamp: Math.floor(world.clock(out.service, out.at) / 1000),
      type: out.type,
      app_id: out.service,
      content_type: 'application/json',
      delivery_mode: 2,
    };
    return {
      place: {
        system: 'rabbitmq',
        channel: out.kind === 'reply' ? queue : out.domain,
        channelKind: out.kind === 'reply' ? 'queue' : 'exchange',
      },
      routingKey: out.kind === 'reply' ? queue : `${out.domain}.${out.type}`,
      properties,
      headers: { 'x-tenant': 'acme' },
      payload: out.data,
    };
  },
  failed({ sent, by, attempt, reason, at }) {
    const wire = sent.wire as Wire;
    const dead = attempt >= 2;
    const death: Json = [
      {
        count: 1,
        reason: 'rejected',
        queue: `${by}.inbox`,
        time: iso(at),
        exchange: wire.place.channel,
        'routing-keys': [wire.routingKey ?? ''],
      },
    ];
    const headers: Data = dead
      ? {
          'x-death': death,
          'x-first-death-exchange': wire.place.channel,
          'x-first-death-queue': `${by}.inbox`,
          'x-first-death-reason': 'rejected',
        }
      : { 'x-retry-count': attempt, 'x-last-error': reason };
    return {
      wire: {
        ...wire,
        place: { ...wire.place, channel: dead ? 'dead-letters' : `${sent.domain}.retry` },
        headers: { ...wire.headers, ...headers },
      },
      meta: sent.meta,
      after: 4,
      waits: 1500 * attempt,
      dead,
    };
  },
};
