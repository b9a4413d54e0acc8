import { kebab, type Data, type Place, type Wire } from '../lines.ts';
import type { Failed, Outgoing, Retried } from '../sent.ts';
import { iso, type Framework, type World } from '../world.ts';

/** Which fields a message is correlated by: the property convention of MassTransit, or CorrelatedBy. */
function correlationOf({ data, domain, flow }: Outgoing): string | undefined {
  if (domain === 'payments' || domain === 'payouts') return text(data['paymentId'] ?? data['payoutId']);
  if (domain === 'notifications' || domain === 'letters' || domain === 'ops') return undefined;
  return text(data['orderId'] ?? data['claimId']) ?? flow.ids['orderId'] ?? flow.ids['claimId'];
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** NewIds of one host share their last half and count in the first: they look alike, and are not. */
function newId(service: string, world: World): string {
  const count = (world.count(`newid ${service}`) * 65_536 + 0x1a2b).toString(16).padStart(8, '0');
  const host = Buffer.from(service).reduce((sum, byte) => (sum * 31 + byte) % 0xffffffff, 7);
  return `${count}-5d2c-0015-${host.toString(16).padStart(8, '0').slice(0, 4)}-08de${host.toString(16).padStart(8, '0')}`;
}

interface Ids {
  readonly messageId: string;
  readonly correlationId?: string;
  readonly conversationId: string;
  readonly initiatorId?: string;
  readonly requestId?: string;
}

/** The initiator is the correlation id of what is being consumed, else its request id; never its message id. */
export function idsOf(out: Outgoing, world: World): Ids {
  const handled = out.handled?.meta;
  const ids: Ids = {
    messageId: newId(out.service, world),
    correlationId: correlationOf(out),
    conversationId: handled?.['conversationId'] ?? world.correlation(newId(out.service, world)),
    initiatorId: handled?.['correlationId'] ?? handled?.['requestId'],
    requestId:
      out.kind === 'request' ? world.rng.uuid() : out.kind === 'reply' ? handled?.['requestId'] : undefined,
  };
  for (const [name, value] of Object.entries(ids)) if (value) out.meta[name] = String(value);
  return ids;
}

/** Published to the exchange of its type, sent to that of a queue, replied to the requester's own. */
export function exchangeOf(out: Outgoing): Place {
  const name =
    out.kind === 'event'
      ? `Contracts.${out.domain}:${out.type}`
      : out.kind === 'reply'
        ? `${out.to}_bus_x1yyg9`
        : kebab(out.type);
  return { system: 'rabbitmq', channel: name, channelKind: 'exchange' };
}

export const address = (name: string) => `rabbitmq://rabbit.internal/${name}`;

function envelope(out: Outgoing, ids: Ids, message: Data, types: readonly string[], at: number): Data {
  return {
    ...JSON.parse(JSON.stringify(ids)),
    sourceAddress: address(`${out.service}?temporary=false`),
    destinationAddress: address(exchangeOf(out).channel),
    ...(out.kind === 'request' && { responseAddress: address(`${out.service}_bus_x1yyg9?temporary=true`) }),
    messageType: types.map((type) => `urn:message:${type}`),
    message,
    sentTime: iso(at),
    headers: { tenant: 'acme' },
    host: {
      machineName: `pod-${out.service}`,
      processName: out.service,
      processId: 1,
      massTransitVersion: '8.2.5.0',
    },
  };
}

function wire(place: Place, ids: Ids, payload: Data, publishId: number, headers: Data = {}): Wire {
  return {
    place,
    routingKey: '',
    properties: {
      message_id: ids.messageId,
      content_type: 'application/vnd.masstransit+json',
      delivery_mode: 2,
    },
    // Counts what a channel has published: every service has a 1.
    headers: { 'Content-Type': 'application/vnd.masstransit+json', publishId: String(publishId), ...headers },
    payload,
  };
}

/** MassTransit on RabbitMQ with its own envelope in the body; delayed redelivery, then the `_error` queue. */
export const masstransit: Framework = {
  brokerWaits: true,
  wrap(out, world) {
    const ids = idsOf(out, world);
    const payload = envelope(
      out,
      ids,
      out.data,
      [`Contracts.${out.domain}:${out.type}`],
      world.clock(out.service, out.at),
    );
    const { holds } = out.options;
    const scheduled = holds
      ? { 'MT-Scheduling-TokenId': world.rng.uuid(), 'x-delay': Math.round(holds) }
      : {};
    const place = exchangeOf(out);
    return wire(
      holds ? { ...place, channel: `${place.channel}_delay` } : place,
      ids,
      payload,
      world.count(`publish ${out.service}`),
      scheduled,
    );
  },
  failed({ sent, by, attempt, reason, at }: Failed, world: World): Retried | undefined {
    const ids = sent.meta as unknown as Ids;
    const place = { system: 'rabbitmq', channelKind: 'exchange' } as const;
    const publishId = world.count(`publish ${by}`);
    const payload = sent.wire?.payload as Data;
    const queue = kebab(sent.type);
    const redelivery = attempt < 3;
    const headers = redelivery
      ? { 'MT-Redelivery-Count': attempt, 'x-delay': 2000 * attempt }
      : {
          'MT-Reason': 'fault',
          'MT-Fault-ExceptionType': 'System.TimeoutException',
          'MT-Fault-Message': reason,
          'MT-Fault-Timestamp': iso(world.clock(by, at)),
          'MT-Fault-InputAddress': address(queue),
          'MT-Fault-MessageType': `Contracts.${sent.domain}:${sent.type}`,
        };
    return {
      wire: wire(
        { ...place, channel: redelivery ? `${queue}_delay` : `${queue}_error` },
        ids,
        payload,
        publishId,
        headers,
      ),
      meta: sent.meta,
      after: 5,
      waits: 2000 * attempt,
      dead: !redelivery,
    };
  },
};
