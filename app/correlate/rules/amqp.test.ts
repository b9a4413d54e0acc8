import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

test('a request is named by the correlation id that it wants back, and a reply names it', () => {
  const correlation = 'c6a5d1f0-7b1e-4f6d-9d0b-1f2e3d4c5b6a';
  const request = { correlation_id: correlation, reply_to: 'amq.rabbitmq.reply-to.g1h2' };
  expect(understood({ properties: request, system: 'rabbitmq' })).toMatchObject({
    ids: [correlation],
    causes: [],
  });
  expect(understood({ properties: { correlation_id: correlation }, system: 'rabbitmq' })).toMatchObject({
    ids: [],
    causes: [`reply-to ${correlation}`],
    keys: [`correlationId=${correlation}`],
  });
});

test('properties name id, type, sender and time', () => {
  const properties = {
    message_id: 'm-4711',
    type: 'PaymentDone',
    app_id: 'payments',
    timestamp: '2026-03-01T10:00:00.000Z',
  };
  expect(understood({ properties, system: 'rabbitmq' })).toMatchObject({
    ids: ['m-4711'],
    type: 'PaymentDone',
    producer: 'payments',
    sentAt: '2026-03-01T10:00:00.000Z',
  });
});

test('a correlation id that a client only counts up joins nobody and answers nobody', () => {
  expect(understood({ properties: { correlation_id: '3' }, system: 'rabbitmq' })).toMatchObject({
    causes: [],
    keys: ['(correlationId=3)'],
  });
});

test('a counted correlation id names a request together with where its reply is to go', () => {
  const properties = { correlation_id: '3', reply_to: 'amq.gen-c1' };
  expect(understood({ properties, system: 'rabbitmq' })).toMatchObject({ ids: ['amq.gen-c1#3'], causes: [] });
  const reply = understood({
    properties: { correlation_id: '3', message_id: '3', app_id: 'policies' },
    ...{ system: 'rabbitmq', on: 'amq.gen-c1', kind: 'queue' },
  });
  expect(reply).toMatchObject({
    ids: ['policies#3'],
    causes: ['reply-to amq.gen-c1#3'],
    keys: ['(correlationId=3)'],
  });
});
