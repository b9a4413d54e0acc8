import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const headers = {
  'NServiceBus.MessageId': 'b1a1f2c0-0001-4c3e-9a57-b1c600a35b11',
  'NServiceBus.MessageIntent': 'Publish',
  'NServiceBus.ConversationId': 'c0c0f2c0-0001-4c3e-9a57-b1c600a35b11',
  'NServiceBus.CorrelationId': 'aaa1f2c0-0001-4c3e-9a57-b1c600a35b11',
  'NServiceBus.RelatedTo': 'aaa1f2c0-0001-4c3e-9a57-b1c600a35b11',
  'NServiceBus.OriginatingSagaId': '5a6af2c0-0001-4c3e-9a57-b1c600a35b11',
  'NServiceBus.ReplyToAddress': 'Sales',
  'NServiceBus.OriginatingEndpoint': 'Sales',
  'NServiceBus.OriginatingMachine': 'POD-1',
  'NServiceBus.TimeSent': '2026-03-01 10:00:00:123456 Z',
  'NServiceBus.ContentType': 'application/json',
  'NServiceBus.EnclosedMessageTypes':
    'Sales.Messages.OrderPlaced, Sales.Messages, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null;Sales.IEvent, Sales',
};

test('RelatedTo is the message that was handled; properties that repeat headers make no request of it', () => {
  const correlation = headers['NServiceBus.CorrelationId'];
  const properties = {
    message_id: headers['NServiceBus.MessageId'],
    correlation_id: correlation,
    reply_to: 'Sales',
  };
  expect(understood({ headers, properties, system: 'rabbitmq', json: { OrderId: 'A-1' } })).toMatchObject({
    type: 'OrderPlaced',
    producer: 'Sales',
    ids: [headers['NServiceBus.MessageId']],
    causes: [`causation-header ${headers['NServiceBus.RelatedTo']}`],
    keys: [
      'orderId=A-1',
      `sagaId=${headers['NServiceBus.OriginatingSagaId']}`,
      `conversationId=${headers['NServiceBus.ConversationId']}`,
      `correlationId=${correlation}`,
    ],
    sentAt: '2026-03-01T10:00:00.123Z',
  });
});

test('the error queue holds the dead letter of the message with its id', () => {
  const failed = { ...headers, 'NServiceBus.FailedQ': 'Billing', 'NServiceBus.RelatedTo': '' };
  expect(understood({ headers: failed }).causes).toEqual([`dead-letter ${headers['NServiceBus.MessageId']}`]);
});
