import { pascal, renamed, type HeaderValue, type Place } from '../lines.ts';
import type { Failed, Retried } from '../sent.ts';
import { iso, type Framework, type World } from '../world.ts';

/** 2026-03-02 09:00:00:123456 Z */
const wireTime = (at: number) =>
  iso(at)
    .replace('T', ' ')
    .replace(/[.](\d+)Z/, ':$1000 Z');
const endpoint = (service: string) => service.split('-').map(pascal).join('');
const exchange = (channel: string): Place => ({ system: 'rabbitmq', channel, channelKind: 'exchange' });
const SAGAS = new Set(['order-service', 'claims-service']);

/** NServiceBus on RabbitMQ's conventional topology: RelatedTo is the message in hand, delays go through delay exchanges. */
export const nservicebus: Framework = {
  brokerWaits: true,
  wrap(out, world) {
    const id = world.rng.uuid();
    const handled = out.handled?.meta;
    const conversation = handled?.['conversation'] ?? world.rng.uuid();
    const correlation = handled?.['correlation'] ?? id;
    Object.assign(out.meta, { id, conversation, correlation });
    const name = endpoint(out.service);
    const intent = { event: 'Publish', command: 'Send', request: 'Send', reply: 'Reply' }[out.kind];
    const headers: Record<string, HeaderValue> = {
      'NServiceBus.MessageId': id,
      'NServiceBus.MessageIntent': intent,
      'NServiceBus.ConversationId': conversation,
      'NServiceBus.CorrelationId': correlation,
      ...(handled?.['id'] && { 'NServiceBus.RelatedTo': handled['id'] }),
      'NServiceBus.OriginatingEndpoint': name,
      'NServiceBus.OriginatingMachine': `WEB0${(out.service.length % 3) + 1}`,
      ...(out.kind !== 'event' && { 'NServiceBus.ReplyToAddress': name }),
      '$.diagnostics.originating.hostid': hostId(out.service),
      'NServiceBus.ContentType': 'application/json',
      'NServiceBus.EnclosedMessageTypes': `Acme.Messages.${out.type}, Acme.Messages, Version=1.0.0.0`,
      'NServiceBus.Version': '9.2.3',
      'NServiceBus.TimeSent': wireTime(world.clock(out.service, out.at)),
    };
    if (SAGAS.has(out.service) && out.handled) {
      headers['NServiceBus.OriginatingSagaId'] = sagaId(out.flow.ids, out.flow.number, world);
      headers['NServiceBus.OriginatingSagaType'] = `Acme.${name}.Saga, Acme.${name}`;
    }
    const holds = out.options.holds ?? 0;
    if (holds > 0) {
      headers['NServiceBus.DeliverAt'] = wireTime(world.clock(out.service, out.at + holds));
      headers['NServiceBus.IsSagaTimeoutMessage'] = 'True';
    }
    return {
      place: exchange(
        holds > 0
          ? 'nsb.v2.delay-level-27'
          : out.kind === 'event'
            ? `Acme.Messages:${out.type}`
            : endpoint(out.to ?? `${out.domain}-service`),
      ),
      routingKey: holds > 0 ? delayed(Math.round(holds / 1000), name) : '',
      properties: {
        message_id: id,
        correlation_id: correlation,
        type: `Acme.Messages.${out.type}`,
        content_type: 'application/json',
        delivery_mode: 2,
        ...(out.kind !== 'event' && { reply_to: name }),
      },
      headers,
      payload: renamed(out.data, pascal),
    };
  },
  failed({ sent, by, attempt, reason, at }: Failed): Retried {
    const gone = attempt >= 3;
    const seconds = 10 * attempt;
    const headers = gone
      ? {
          'NServiceBus.FailedQ': endpoint(by),
          'NServiceBus.ExceptionInfo.ExceptionType': 'System.TimeoutException',
          'NServiceBus.ExceptionInfo.Message': reason,
          'NServiceBus.TimeOfFailure': wireTime(at),
          'NServiceBus.ProcessingEndpoint': endpoint(by),
        }
      : { 'NServiceBus.Retries': String(attempt), 'NServiceBus.Retries.Timestamp': wireTime(at) };
    return {
      wire: {
        ...sent.wire,
        place: exchange(gone ? 'error' : 'nsb.v2.delay-level-03'),
        routingKey: gone ? '' : delayed(seconds, endpoint(by)),
        headers: { ...sent.wire?.headers, ...headers },
      },
      meta: sent.meta,
      after: 3,
      waits: seconds * 1000,
      dead: gone,
    };
  },
};

/** The bits of the seconds, largest first, then the queue. */
const delayed = (seconds: number, queue: string) =>
  [...Array.from(seconds.toString(2).padStart(28, '0')), queue].join('.');

const hostId = (service: string) => Buffer.from(service.padEnd(16, '.').slice(0, 16)).toString('hex');

function sagaId(ids: Record<string, string>, flow: number, world: World): string {
  return (ids[`saga ${flow}`] ??= world.rng.uuid());
}
