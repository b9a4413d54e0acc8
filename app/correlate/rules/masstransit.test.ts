import { describe, expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const placed = {
  messageId: '181c0000-6393-3630-36a4-08daf4e7c6da',
  requestId: null,
  correlationId: '0c2a0000-6393-3630-1111-08daf4e7c6aa',
  conversationId: '181c0000-6393-3630-7bb4-08daf4e7c6da',
  initiatorId: '0a000000-6393-3630-9999-08daf4e7c6aa',
  sourceAddress: 'rabbitmq://localhost/shop/order-service?temporary=true',
  destinationAddress: 'rabbitmq://localhost/shop/Shop.Contracts:OrderPlaced',
  responseAddress: null,
  faultAddress: null,
  messageType: ['urn:message:Shop.Contracts:OrderPlaced', 'urn:message:Shop.Contracts:IOrderEvent'],
  message: { orderId: 'A-4711', customerId: 'c-12', total: 12.5 },
  expirationTime: null,
  sentTime: '2026-03-01T10:00:00.1234567Z',
  headers: {},
  host: {
    machineName: 'pod-1',
    processName: 'dotnet',
    processId: 4711,
    assembly: 'Shop',
    assemblyVersion: '1.0.0.0',
  },
};

describe('the envelope', () => {
  test('names ids, type, sender and time; its initiator is a correlation id', () => {
    expect(understood({ json: placed, system: 'rabbitmq' })).toMatchObject({
      type: 'OrderPlaced',
      producer: 'order-service',
      ids: [placed.messageId],
      causes: [`causation-header correlation-id ${placed.initiatorId}`],
      keys: [
        'orderId=A-4711',
        `correlationId=${placed.correlationId}`,
        `conversationId=${placed.conversationId}`,
        '(customerId=c-12)',
      ],
      sentAt: '2026-03-01T10:00:00.123Z',
    });
  });

  test('a request and its response share the request’s id, and only the request is named by it', () => {
    const requestId = '99990000-6393-3630-36a4-08daf4e7c6da';
    const request = {
      ...placed,
      initiatorId: null,
      requestId,
      responseAddress: 'rabbitmq://localhost/bus-1',
    };
    expect(understood({ json: request })).toMatchObject({ ids: [placed.messageId, requestId], causes: [] });
    const response = { ...placed, initiatorId: null, messageId: 'other-1', requestId };
    expect(understood({ json: response })).toMatchObject({
      ids: ['other-1'],
      causes: [`reply-to ${requestId}`],
    });
  });

  test('a fault names the message that failed', () => {
    const fault = {
      ...placed,
      initiatorId: null,
      messageType: [
        'urn:message:MassTransit:Fault[[Shop.Contracts:OrderPlaced]]',
        'urn:message:MassTransit:Fault',
      ],
      message: { faultId: 'f-100', faultedMessageId: 'm-failed-1', message: { orderId: 'A-4711' } },
    };
    expect(understood({ json: fault })).toMatchObject({
      type: 'Fault<OrderPlaced>',
      causes: ['causation-header m-failed-1'],
      keys: expect.arrayContaining(['orderId=A-4711']) as string[],
    });
  });
});

test('headers beside a bare payload say the same', () => {
  expect(
    understood({
      system: 'rabbitmq',
      headers: {
        MessageId: placed.messageId,
        ConversationId: placed.conversationId,
        'MT-InitiatorId': placed.initiatorId,
        'MT-Source-Address': 'rabbitmq://localhost/order-service',
        'MT-MessageType': 'urn:message:Shop:OrderPlaced;urn:message:Shop:IOrderEvent',
        TransportSentTime: '2026-03-01T10:00:00.0000000Z',
      },
      json: { orderId: 'A-4711' },
    }),
  ).toMatchObject({
    type: 'OrderPlaced',
    producer: 'order-service',
    ids: [placed.messageId],
    causes: [`causation-header correlation-id ${placed.initiatorId}`],
    keys: ['orderId=A-4711', `conversationId=${placed.conversationId}`],
    sentAt: '2026-03-01T10:00:00.000Z',
  });
});

test('in an error queue it is the dead letter of the message with its id', () => {
  const headers = { 'MT-Fault-ExceptionType': 'System.Exception', 'MT-Reason': 'fault' };
  expect(understood({ headers, json: { ...placed, initiatorId: null } }).causes).toEqual([
    `dead-letter ${placed.messageId}`,
  ]);
});
