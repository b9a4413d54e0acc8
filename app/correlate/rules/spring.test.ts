import { describe, expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const eight = (value: number) => new Uint8Array([0, 0, 0, 0, 0, 0, value >> 8, value & 255]);
const correlation = new Uint8Array([
  0x8f, 0x1c, 0x5e, 0x9a, 0x00, 0x3c, 0x4d, 0x2e, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18,
]);
const hex = '8f1c5e9a003c4d2ea1b2c3d4e5f60718';

describe('Spring for Apache Kafka', () => {
  test('a request with a reply topic is named by its correlation id, and the reply names it', () => {
    const request = {
      kafka_correlationId: correlation,
      kafka_replyTopic: 'replies',
      __TypeId__: 'com.shop.PriceRequest',
    };
    expect(understood({ headers: request })).toMatchObject({ type: 'PriceRequest', ids: [hex], causes: [] });
    expect(understood({ headers: { kafka_correlationId: correlation } })).toMatchObject({
      ids: [],
      causes: [`reply-to ${hex}`],
      keys: [`correlationId=${hex}`],
    });
  });

  test('a dead letter names the record that it was', () => {
    const headers = {
      'kafka_dlt-original-topic': 'orders',
      'kafka_dlt-original-partition': new Uint8Array([0, 0, 0, 3]),
      'kafka_dlt-original-offset': eight(1042),
      'kafka_dlt-original-consumer-group': 'billing',
      'kafka_dlt-exception-fqcn': 'java.lang.IllegalStateException',
    };
    expect(understood({ headers, on: 'orders-dlt' }).causes).toEqual([
      'dead-letter kafka/test/orders/3/1042',
    ]);
  });

  test('a record in a topic for retries is no dead letter yet', () => {
    const headers = {
      'kafka_original-topic': 'orders',
      'kafka_original-partition': new Uint8Array([0, 0, 0, 3]),
      'kafka_original-offset': eight(1042),
      'kafka_exception-fqcn': 'java.lang.IllegalStateException',
      'retry_topic-attempts': new Uint8Array([0, 0, 0, 2]),
      'retry_topic-original-timestamp': eight(1),
    };
    const cause = 'kafka/test/orders/3/1042';
    expect(understood({ headers, on: 'orders-retry-0' }).causes).toEqual([`causation-header ${cause}`]);
    expect(understood({ headers, on: 'orders-dlt' }).causes).toEqual([`dead-letter ${cause}`]);
  });
});

describe('Spring Cloud Stream and Spring AMQP', () => {
  test('texts that are written as JSON are unquoted', () => {
    const headers = { correlationId: '"c-4711"', contentType: '"application/json"', scst_version: '1' };
    expect(understood({ headers, json: { orderId: 'A-1' } }).keys).toEqual([
      'orderId=A-1',
      'correlationId=c-4711',
    ]);
  });

  test('what names a template says nothing', () => {
    const headers = {
      spring_listener_return_correlation: 'e0f1b2c3-1111-4c3e-9a57-b1c600a35b11',
      spring_returned_message_correlation: 'f0f1b2c3-1111-4c3e-9a57-b1c600a35b11',
      __TypeId__: 'com.shop.OrderPlaced',
    };
    expect(understood({ headers, json: { orderId: 'A-1' } })).toMatchObject({
      type: 'OrderPlaced',
      keys: ['orderId=A-1'],
    });
  });

  test('what a recoverer has republished is the dead letter of the message with its id', () => {
    const headers = {
      'x-original-exchange': 'orders',
      'x-original-routingKey': 'order.placed',
      'x-exception-message': 'no stock',
    };
    expect(understood({ headers, properties: { message_id: 'm-1' }, system: 'rabbitmq' }).causes).toEqual([
      'dead-letter m-1',
    ]);
  });
});
