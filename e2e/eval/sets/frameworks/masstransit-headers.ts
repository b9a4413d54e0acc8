import type { HeaderValue } from '../lines.ts';
import type { Framework } from '../world.ts';
import { address, exchangeOf, idsOf } from './masstransit.ts';

const RIDER = new Set(['shipping', 'loyalty', 'flights', 'hotels', 'cars', 'payouts']);

/** MassTransit with raw JSON bodies: what the envelope says is in headers, on RabbitMQ and on its Kafka rider. */
export const masstransitHeaders: Framework = {
  wrap(out, world) {
    const ids = idsOf(out, world);
    const context: Record<string, HeaderValue> = {
      ConversationId: ids.conversationId,
      ...(ids.correlationId && { CorrelationId: ids.correlationId }),
      ...(ids.initiatorId && { 'MT-InitiatorId': ids.initiatorId }),
      ...(ids.requestId && { RequestId: ids.requestId }),
      'MT-Source-Address': address(out.service),
      'MT-MessageType': `urn:message:Contracts.${out.domain}:${out.type}`,
    };
    if (RIDER.has(out.domain)) {
      return {
        place: { system: 'kafka', channel: `mt.${out.domain}` },
        key: out.key,
        headers: { MessageId: ids.messageId, ...context, 'Content-Type': 'application/json' },
        payload: out.data,
      };
    }
    return {
      place: exchangeOf(out),
      routingKey: '',
      properties: {
        message_id: ids.messageId,
        ...(ids.correlationId && { correlation_id: ids.correlationId }),
        content_type: 'application/json',
      },
      headers: {
        ...context,
        'Content-Type': 'application/json',
        publishId: String(world.count(out.service)),
      },
      payload: out.data,
    };
  },
};
