import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DecodedMessage, Facts } from '../model/event.ts';
import type { Json } from '../model/message.ts';
import { extractFacts } from './extract.ts';
import { channel } from './test-events.ts';

function facts(json: Json | undefined, more: Partial<DecodedMessage> = {}): Facts {
  return extractFacts({
    kind: 'message',
    channel: channel('topic'),
    time: 1,
    clock: 'broker',
    observedAt: 1,
    headers: [],
    payload: { format: json === undefined ? 'empty' : 'json', size: 1 },
    json,
    ...more,
  });
}

/** Keys as `orderId=1`, those that only list in brackets. */
function keys(of: Facts): string[] {
  return of.keys.map(({ name, value, role }) =>
    role === 'joins' ? `${name}=${value}` : `(${name}=${value})`,
  );
}

describe('business keys in payloads, without configuration', () => {
  test.each<[Json, string[]]>([
    [{ orderId: '12345' }, ['orderId=12345']],
    [{ order_id: 12345 }, ['orderId=12345']],
    [{ OrderID: '12345' }, ['orderId=12345']],
    [{ 'order-id': '12345' }, ['orderId=12345']],
    [{ orderid: '12345' }, ['orderId=12345']],
    [{ 'order.id': '12345' }, ['orderId=12345']],
    [{ data: { order: { id: '12345' } } }, ['orderId=12345']],
    [{ order: 'ord-12345' }, ['orderId=ord-12345']],
    [{ orderNumber: 'SO-77' }, ['orderNumber=SO-77']],
    [{ orderRef: 'SO-77' }, ['orderId=SO-77']],
    [{ parentAccountId: 'acc-17' }, ['(parentAccountId=acc-17)']],
    [{ reference: 'SO-77' }, ['reference=SO-77']],
    [{ frobnicationId: 'F-9' }, ['frobnicationId=F-9']],
    [{ payment: { id: 'p-1' }, orderId: 'A-1' }, ['orderId=A-1', 'paymentId=p-1']],
    [{ Message: '{"orderId":"A-1"}' }, ['orderId=A-1']],
    [{ specversion: '1.0', id: 'e1', data_base64: btoa('{"orderId":"A-1"}') }, ['orderId=A-1']],
  ])('%j', (json, expected) => {
    expect(keys(facts(json))).toEqual(expected);
  });

  test('parties, places and things are listed and never join', () => {
    const shared = {
      customerId: 'c-1',
      accountId: 'acc-1',
      merchant: { id: 'm-1' },
      sku: 'SKU-1',
      warehouseId: 'w-1',
      countryId: 'DE',
    };
    expect(facts(shared).keys.filter((key) => key.role === 'joins')).toEqual([]);
    expect(keys(facts(shared))).toContain('(customerId=c-1)');
    expect(keys(facts(shared))).toContain('(merchantId=m-1)');
  });

  test.each<Json>([
    { orderId: '' },
    { orderId: '0' },
    { orderId: 0 },
    { orderId: 'null' },
    { orderId: 'UNKNOWN' },
    { orderId: true },
    { orderId: 12.5 },
    { orderId: 'x'.repeat(129) },
    { orderId: '2026-03-01T10:00:00Z' },
    { orderId: '00000000-0000-0000-0000-000000000000' },
    { order: 'express' },
    { paid: 'yes', valid: '7', total: 12345, createdAt: '2026-03-01', schemaId: '5' },
  ])('%j names nothing', (json) => {
    expect(facts(json).keys).toEqual([]);
  });

  test('small numbers join as an order only', () => {
    expect(keys(facts({ orderId: 7, stepId: 7 }))).toEqual(['orderId=7', '(stepId=7)']);
  });

  test('a batch names many and joins none of them', () => {
    expect(keys(facts({ orderIds: ['A-1', 'A-2'] }))).toEqual(['(orderId=A-1)', '(orderId=A-2)']);
    expect(keys(facts({ orders: [{ orderId: 'A-1' }, { id: 'A-2' }] }))).toEqual([
      '(orderId=A-1)',
      '(orderId=A-2)',
    ]);
  });

  test('a list of one is about that one', () => {
    expect(keys(facts({ shipmentId: 'S-1', orders: ['ord-17'] }))).toEqual([
      'orderId=ord-17',
      'shipmentId=S-1',
    ]);
  });

  test('an address or a time of day is no reference', () => {
    expect(keys(facts({ url: 'http://order:8080', at: '12:30', note: 'order: two of them' }))).toEqual([]);
  });

  test('of two orders the outer one is what the event is about; of two beside each other neither', () => {
    expect(keys(facts({ orderId: 'A-1', previous: { orderId: 'A-0' } }))).toEqual([
      'orderId=A-1',
      '(orderId=A-0)',
    ]);
    expect(keys(facts({ a: { orderId: 'A-1' }, b: { orderId: 'A-2' } }))).toEqual([
      '(orderId=A-1)',
      '(orderId=A-2)',
    ]);
  });

  test('a parent is what an event follows from, or a thing of many: its values tell', () => {
    const parent = '5b44f29d-bda4-40de-9689-000000000001';
    for (const name of ['parent', 'parentId', 'parentRef'])
      expect(facts({ [name]: parent }).keys).toMatchObject([{ value: parent, role: 'found' }]);
  });

  test('a path says where a key was found', () => {
    expect(facts({ data: { order: { id: 'A-1' } } }).keys).toEqual([
      { name: 'orderId', value: 'A-1', origin: 'payload', path: 'data.order.id', role: 'joins' },
    ]);
  });

  test('JSON as a text in JSON is read, also where nothing says that it is JSON', () => {
    const text = JSON.stringify(JSON.stringify({ orderId: '123456' }));
    const payload = { format: 'text', text, size: 1 } as const;
    expect(keys(facts(undefined, { payload }))).toEqual(['orderId=123456']);
    expect(facts(undefined, { payload }).shape).toBe(facts({ orderId: '123456' }).shape);
    const broken = { ...payload, text: text.slice(0, -4) };
    expect(keys(facts(undefined, { payload: broken }))).toEqual([]);
  });

  test('JSON that is cut off is still found by its order', () => {
    const text = '{"orderId":"123456","amount":';
    expect(keys(facts(undefined, { payload: { format: 'text', text, size: 1 } }))).toEqual([
      'orderId=123456',
    ]);
  });
});

describe('a bare id', () => {
  test('of an envelope is the message id', () => {
    expect(facts({ id: 'evt-1', type: 'OrderPlaced', data: { orderId: 'A-1' } })).toMatchObject({
      ids: ['evt-1'],
      type: 'OrderPlaced',
      keys: [{ name: 'orderId' }],
    });
  });

  test('is the id of what type or channel are named after', () => {
    expect(keys(facts({ id: 'A-1', type: 'OrderPlaced' }))).toEqual(['orderId=A-1']);
    expect(keys(facts({ id: 17 }, { channel: channel('orders') }))).toEqual(['orderId=17']);
    expect(keys(facts({ id: 'c-1', type: 'CustomerMoved' }))).toEqual(['(customerId=c-1)']);
  });

  test('is the id of what the routing key is named after', () => {
    const shipping = channel('shipping', 'rabbitmq');
    for (const routingKey of ['shipment.delivered', 'shipment.created.1042'])
      expect(keys(facts({ id: 1002 }, { channel: shipping, routingKey }))).toEqual(['shipmentId=1002']);
  });

  test('is the message’s where the order is named besides', () => {
    const both = facts({ id: 'evt-1', type: 'OrderPlaced', orderId: 'A-1' });
    expect([both.ids, keys(both)]).toEqual([['evt-1'], ['orderId=A-1']]);
  });
});

describe('the message key', () => {
  test('supports an equal value and adds no second key', () => {
    expect(keys(facts({ orderId: '12345' }, { key: '12345' }))).toEqual(['orderId=12345']);
    expect(keys(facts({ accountId: 'acc-1' }, { key: '"acc-1"' }))).toEqual(['(accountId=acc-1)']);
  });

  test('joins only where nothing else does', () => {
    expect(keys(facts(undefined, { key: 'ord-12' }))).toEqual(['key=ord-12']);
    expect(keys(facts({ orderId: 'A-1' }, { key: 'acc-12' }))).toEqual(['orderId=A-1', '(key=acc-12)']);
    expect(keys(facts(undefined, { key: 'DE' }))).toEqual(['(key=DE)']);
  });

  test('joins nobody where it says itself that many share it', () => {
    expect(keys(facts(undefined, { key: 'SKU-5' }))).toEqual(['(key=SKU-5)']);
    expect(keys(facts(undefined, { key: 'node-1' }))).toEqual(['(key=node-1)']);
  });
});

describe('headers and properties', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

  test('CloudEvents on Kafka', () => {
    const headers: [string, string][] = [
      ['ce_specversion', '1.0'],
      ['ce_id', 'e-1'],
      ['ce_type', 'com.example.shop.v1.OrderPlaced'],
      ['ce_source', '/services/storefront'],
      ['ce_orderid', 'A-1'],
    ];
    expect(facts({}, { headers })).toMatchObject({
      ids: ['e-1'],
      type: 'OrderPlaced',
      producer: 'storefront',
      keys: [{ name: 'orderId', value: 'A-1', origin: 'header', path: 'ce_orderid' }],
    });
  });

  test('CloudEvents structured, whatever the content type', () => {
    const event = {
      specversion: '1.0',
      id: 'e-1',
      source: 'urn:shop:payments',
      type: 'payment.done',
      subject: 'p-77',
    };
    expect(facts(event)).toMatchObject({ ids: ['e-1'], type: 'payment.done', producer: 'payments' });
    expect(keys(facts(event))).toEqual(['subject=p-77']);
  });

  test.each(['correlation-id', 'correlationId', 'X-Correlation-ID', 'correlation_id', 'kafka_correlationId'])(
    '%s',
    (name) => {
      expect(keys(facts({}, { headers: [[name, 'c-77']] }))).toEqual(['correlationId=c-77']);
    },
  );

  test('causation names the cause by its header', () => {
    expect(facts({}, { headers: [['causation-id', 'm-1']] }).causes).toEqual([
      { id: 'm-1', path: 'causation-id', evidence: 'causation-header' },
    ]);
  });

  test('AMQP properties', () => {
    const properties = { message_id: 'm-1', correlation_id: 'c-1', type: 'PaymentDone', app_id: 'payments' };
    expect(facts({}, { properties })).toEqual({
      ids: ['m-1'],
      causes: [{ id: 'c-1', path: 'correlation_id', evidence: 'reply-to' }],
      type: 'PaymentDone',
      producer: 'payments',
      keys: [
        { name: 'correlationId', value: 'c-1', origin: 'property', path: 'correlation_id', role: 'joins' },
      ],
    });
  });

  test('W3C trace context in a header or a field, only if valid', () => {
    const valid = `00-${trace}-00f067aa0ba902b7-01`;
    expect(facts({}, { headers: [['traceparent', valid]] })).toMatchObject({
      trace: { traceId: trace, spanId: '00f067aa0ba902b7' },
      keys: [{ name: 'traceId', value: trace, origin: 'trace-context' }],
    });
    expect(facts({ traceparent: valid }).trace?.traceId).toBe(trace);
    for (const bad of [
      `ff-${trace}-00f067aa0ba902b7-01`,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      '00-x-y-01',
    ]) {
      expect(facts({}, { headers: [['traceparent', bad]] }).trace).toBeUndefined();
    }
  });

  test('ids in bytes are told in hexadecimal', () => {
    const headers: [string, Uint8Array][] = [
      ['kafka_correlationId', new Uint8Array([0xff, 0x00, 0x10, 0x20])],
    ];
    expect(keys(facts({}, { headers }))).toEqual(['correlationId=ff001020']);
  });

  test('a dead letter names its original by position', () => {
    const headers: [string, string | Uint8Array][] = [
      ['kafka_dlt-original-topic', 'orders'],
      ['kafka_dlt-original-partition', '\0\0\0\u0003'],
      ['kafka_dlt-original-offset', new Uint8Array([0, 0, 0, 0, 0, 0, 4, 0x12])],
    ];
    expect(facts({}, { headers }).causes).toEqual([
      {
        id: 'kafka/test/orders/3/1042',
        path: 'original topic, partition and offset',
        evidence: 'dead-letter',
      },
    ]);
  });

  test('a rejected message that RabbitMQ dead-lettered is that message; one that only expired is not', () => {
    const death = (reason: string): Partial<DecodedMessage> => ({
      headers: [['x-death', JSON.stringify([{ reason, queue: 'q', count: 1 }])]],
      properties: { message_id: 'm-1' },
    });
    expect(facts({}, death('rejected')).causes).toEqual([
      { id: 'm-1', path: 'x-death', evidence: 'dead-letter' },
    ]);
    expect(facts({}, death('expired')).causes).toEqual([]);
  });

  test('the type falls back to the routing key, if that is a name', () => {
    expect(facts({}, { routingKey: 'payment.requested' }).type).toBe('payment.requested');
    expect(facts({}, { routingKey: 'customer.4711' }).type).toBeUndefined();
  });
});

describe('ids that say nothing', () => {
  const placeholders = [
    '',
    ' ',
    '0',
    '-',
    '--',
    'N/A',
    'n/a',
    'unknown',
    'Unknown',
    'none',
    'null',
    'NULL',
    'undefined',
    'nil',
    '0000',
    '00000000-0000-0000-0000-000000000000',
    '00000000000000000000000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    'xxx',
    '***',
    '?',
    '-1',
    'NaN',
    'default',
    'test',
    'string',
    'TBD',
    'not set',
    '[object Object]',
    '{}',
    '${orderId}',
    '{{id}}',
    '<order-id>',
    '%s',
    '2026-03-01T10:00:00Z',
  ];

  test.each(placeholders)('%j is no id, no correlation, no cause and no key', (value) => {
    const names = [
      'message-id',
      'correlation-id',
      'causation-id',
      'in-reply-to',
      'NServiceBus.RelatedTo',
      'kafka_correlationId',
    ];
    const headers = names.map((name): [string, string] => [name, value]);
    const properties = { message_id: value, correlation_id: value };
    const json = { orderId: value, messageId: value, correlationId: value, order: { id: value } };
    expect(facts(json, { headers, properties, channel: channel('things') })).toMatchObject({
      ids: [],
      causes: [],
      keys: [],
    });
  });

  test('a field’s own name as its value was never filled in', () => {
    expect(facts({ orderId: 'order_id', data: { customerId: 'customerId' } }).keys).toEqual([]);
    const headers: [string, string][] = [
      ['correlation-id', 'correlationId'],
      ['X-Message-Id', 'message-id'],
    ];
    expect(facts({}, { headers })).toMatchObject({ ids: [], keys: [] });
  });

  test.each(['ord-0', '00017', 'A-0001', 'x-77', 'f00d-77', 'none-77', 'unknown-4711'])(
    '%s is one',
    (orderId) => {
      expect(keys(facts({ orderId }))).toEqual([`orderId=${orderId}`]);
    },
  );
});

describe('message ids that are only counted up', () => {
  test('count together with their producer, or else their channel', () => {
    const headers: [string, string][] = [['message-id', '41']];
    expect(facts({}, { headers, producer: 'payments' }).ids).toEqual(['payments#41']);
    expect(facts({}, { headers, channel: channel('orders') }).ids).toEqual(['orders#41']);
    expect(facts({}, { headers: [['message-id', '7f3c-41']], producer: 'payments' }).ids).toEqual([
      '7f3c-41',
    ]);
  });

  test('name no cause, since they do not say whose they are', () => {
    const headers: [string, string][] = [
      ['causation-id', '40'],
      ['message-id', '41'],
    ];
    expect(facts({}, { headers }).causes).toEqual([]);
  });
});

test('hostile names and values do no harm', () => {
  const hostile = JSON.parse('{"__proto__":{"orderId":"A-1"},"constructor":{"id":"x-1"}}') as Json;
  const { headers, json } = { headers: [['__proto__', 'x']] as [string, string][], json: hostile };
  expect(keys(facts(json, { headers }))).toContain('orderId=A-1');
  expect(({} as { orderId?: string }).orderId).toBeUndefined();
});

test('nesting of 10,000 and a list of 100,000 are bounded work', () => {
  let deep: Json = { orderId: 'A-1' };
  for (let i = 0; i < 10_000; i++) deep = [deep];
  expect(facts(deep).keys).toEqual([]);
  expect(
    facts({ orderIds: Array.from({ length: 100_000 }, (_, i) => `A-${i}`) }).keys.length,
  ).toBeLessThanOrEqual(512);
});

test('no message makes it throw, and equal messages say equal things', () => {
  const header = fc.tuple(
    fc.oneof(
      fc.constantFrom('ce_id', 'traceparent', 'x-death', 'kafka_dlt-original-offset', 'orderId'),
      fc.string(),
    ),
    fc.oneof(fc.string(), fc.uint8Array()),
  );
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(header), fc.string(), (json, headers, key) => {
      const once = facts(json as Json, { headers, key });
      expect(facts(json as Json, { headers, key })).toEqual(once);
      for (const { value } of once.keys) expect(value.length).toBeLessThanOrEqual(128);
    }),
    { numRuns: 1_000 },
  );
});
