import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Identity } from './kit/identity.ts';
import { openLog } from './kit/log.ts';
import { readTruth } from './truth.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headwater-truth-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const placed: Identity = { system: 'kafka', channel: 'orders', partition: 3, offset: '1042' };
const requested: Identity = { system: 'rabbitmq', channel: 'payments', messageId: 'p-7' };
const manifest: Identity = { system: 'redis', channel: 'shipments', streamId: '1795414165291-0' };

test('events are named as a store names them, with their causes, deliveries and faults', () => {
  const storefront = openLog('storefront', dir, () => {});
  const payments = openLog('payments', dir, () => {});
  storefront.sent(placed, { type: 'OrderPlaced', orderId: '1' });
  payments.handled(placed, { type: 'OrderPlaced', orderId: '1' }, 'payments');
  payments.sent(requested, { type: 'PaymentRequested', orderId: '1' }, [placed]);
  payments.sent(manifest, { type: 'ShipmentManifest', orderIds: ['1', '2'] }, [requested]);
  payments.fault('poison', requested, { type: 'PaymentRequested', orderId: '1' });

  const truth = readTruth(dir, 'prod');

  expect(truth.events.map(({ id }) => id).sort()).toEqual([
    'kafka/prod/orders/3/1042',
    'rabbitmq/prod/payments/p-7',
    'redis/prod/shipments/1795414165291-0',
  ]);
  expect([...truth.orders.keys()]).toEqual(['1']);
  expect(new Set(truth.orders.get('1'))).toEqual(
    new Set(['kafka/prod/orders/3/1042', 'rabbitmq/prod/payments/p-7']),
  );
  expect(truth.links).toEqual([
    ['kafka/prod/orders/3/1042', 'rabbitmq/prod/payments/p-7'],
    ['rabbitmq/prod/payments/p-7', 'redis/prod/shipments/1795414165291-0'],
  ]);
  expect(truth.deliveries).toMatchObject([{ event: 'kafka/prod/orders/3/1042', consumer: 'payments' }]);
  expect(truth.faults).toMatchObject([
    { fault: 'poison', event: 'rabbitmq/prod/payments/p-7', orderId: '1' },
  ]);
});

test('a line that a killed service left unfinished is passed over', () => {
  openLog('fraud', dir, () => {}).sent(requested, { type: 'FraudChecked', orderId: '1' });
  appendFileSync(join(dir, 'fraud.ndjson'), '{"at":"2026-03-01T10:0');
  expect(readTruth(dir).events).toHaveLength(1);
});
