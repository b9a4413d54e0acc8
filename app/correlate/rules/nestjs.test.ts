import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const id = 'a3f1c0de77b2c0de9f1d5';

test('on RabbitMQ and Redis a request and its response have one id', () => {
  const request = { pattern: 'orders.place', data: { orderId: 'A-1' }, id };
  expect(understood({ json: request, system: 'redis' })).toMatchObject({
    type: 'orders.place',
    ids: [id],
    causes: [],
    keys: ['orderId=A-1', `correlationId=${id}`],
  });
  const response = { response: { orderId: 'A-1', ok: true }, isDisposed: true, id };
  expect(understood({ json: response, system: 'redis' })).toMatchObject({
    causes: [`reply-to ${id}`],
    keys: ['orderId=A-1', `correlationId=${id}`],
  });
});

test('an event has a pattern and data only', () => {
  expect(understood({ json: { pattern: 'order_placed', data: { id: 'A-1' } } })).toMatchObject({
    type: 'order_placed',
    ids: [],
    keys: ['orderId=A-1'],
  });
});

test('on Kafka the headers say so', () => {
  const headers = { kafka_correlationId: id, kafka_replyTopic: 'orders.reply', kafka_replyPartition: '2' };
  expect(understood({ headers, json: { orderId: 'A-1' } })).toMatchObject({ ids: [id], causes: [] });
  expect(understood({ headers: { kafka_correlationId: id, 'kafka_nest-is-disposed': '\0' } }).causes).toEqual(
    [`reply-to ${id}`],
  );
});
