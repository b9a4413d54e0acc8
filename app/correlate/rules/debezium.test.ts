import { expect, test } from 'vitest';
import { understood } from './test-messages.ts';

const source = {
  version: '3.0.0.Final',
  connector: 'postgresql',
  name: 'shop',
  ts_ms: Date.UTC(2026, 2, 1, 10),
  snapshot: 'false',
  db: 'shop',
  schema: 'public',
  table: 'orders',
  txId: 571,
  lsn: 24023128,
};

test('the outbox: the header is the event’s id, the key the aggregate’s', () => {
  const headers = { id: '4d47e190-0402-4048-bc2c-89dd54343cdc', eventType: 'OrderCreated' };
  expect(
    understood({ headers, key: 'ord-1', on: 'outbox.event.order', json: { id: 'ord-1', total: 1 } }),
  ).toMatchObject({
    type: 'OrderCreated',
    ids: [headers.id],
    keys: ['orderId=ord-1'],
  });
});

const update = {
  before: { id: 17, customer_id: 'c-1', status: 'new' },
  after: { id: 17, customer_id: 'c-1', status: 'paid' },
  source,
  op: 'u',
  ts_ms: Date.UTC(2026, 2, 1, 10, 0, 1),
  transaction: { id: '571:53195829', total_order: 1, data_collection_order: 1 },
};

test.each([
  ['an update', update],
  ['a deletion', { ...update, op: 'd', after: null }],
  [
    'an update with its schema',
    { schema: { type: 'struct', fields: [{ field: 'order_id', type: 'int32' }] }, payload: update },
  ],
])('%s is about its row, in a transaction of that database', (_, json) => {
  expect(understood({ json, on: 'shop.public.orders' })).toMatchObject({
    type: 'orders',
    producer: 'shop',
    ids: [],
    keys: ['orderId=17', 'transaction=shop:571', '(customerId=c-1)'],
    sentAt: '2026-03-01T10:00:00.000Z',
  });
});

test('what only looks like a change is none', () => {
  const json = { op: 'add', source: 'web', orderId: 'A-1' };
  expect(understood({ json }).keys).toEqual(['orderId=A-1']);
});
