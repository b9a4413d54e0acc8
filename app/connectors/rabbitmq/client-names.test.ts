import { expect, test } from 'vitest';
import { createClientNames, spokenTag } from './client-names.ts';
import { createDeliveryDesk, type OpenDelivery } from './delivery-desk.ts';
import type { ClientConnection } from './management-schema.ts';
import { toTopology } from './topology.ts';
import type { Wiring } from './wiring.ts';

const open = (connection: string): OpenDelivery => ({
  client: { connection, channel: 1, queue: 'charges' },
  delivery: {
    kind: 'delivery',
    subject: { event: 'e' },
    consumer: 'charges',
    status: 'delivered',
    evidence: 'firehose',
    time: 1,
  },
});

test('a delivery waits for the name of its consumer, and then has it', async () => {
  let time = 0;
  let known: ClientConnection[] = [];
  const desk = createDeliveryDesk(
    createClientNames(
      () => Promise.resolve(known),
      () => time,
    ),
  );
  expect(desk.accept(open('a'))).toEqual([]);
  time = 1_000;
  // Listed without its properties while its statistics are not in.
  known = [{ name: 'a', client_properties: undefined }];
  expect(await desk.settle()).toEqual([]);
  time = 2_000;
  known = [{ name: 'a', client_properties: { connection_name: 'billing' } }];
  expect(await desk.settle()).toMatchObject([{ consumer: 'billing' }]);
  expect(desk.accept(open('a'))).toMatchObject([{ consumer: 'billing' }]);
});

test('a name that was asked for is told as late, and until then a consumer is nobody rather than its queue', async () => {
  let time = 0;
  let known: ClientConnection[] = [{ name: 'a', client_properties: undefined }];
  const names = createClientNames(
    () => Promise.resolve(known),
    () => time,
  );
  const consumer = {
    consumer_tag: 'amq.ctag-x1',
    queue: { name: 'charges' },
    channel_details: { connection_name: 'a', number: 1 },
  };
  const queue = { name: 'charges', vhost: '/', durable: true, arguments: {} };
  const wiring = {
    exchanges: [],
    queues: [queue],
    bindings: [],
    connections: [],
    policies: [],
    consumers: [consumer],
  };
  const consumers = () =>
    toTopology(wiring as unknown as Wiring, 'default', names, time).subscriptions.map((s) => s.consumer);
  await names.learn(['a', 'b']);
  expect([consumers(), names.late()]).toEqual([[], []]);
  time = 2_000;
  known = [
    { name: 'a', client_properties: { connection_name: 'billing' } },
    { name: 'known before', client_properties: { connection_name: 'shipping' } },
  ];
  await names.learn(['a', 'b']);
  expect(consumers()).toEqual(['billing']);
  expect(names.late()).toEqual([{ client: 'a', name: 'billing', at: 2_000 }]);
});

test('one whose consumer has no name waits some seconds at most', async () => {
  let time = 0;
  const desk = createDeliveryDesk(
    createClientNames(
      () => Promise.resolve([]),
      () => time,
    ),
  );
  desk.accept(open('gone'));
  for (time = 1_000; time < 7_000; time += 1_000) expect(await desk.settle()).toEqual([]);
  time = 9_000;
  expect(await desk.settle()).toMatchObject([{ consumer: 'charges' }]);
  expect(desk.accept(open('gone'))).toHaveLength(1);
});

test('without the management API nothing waits', () => {
  const desk = createDeliveryDesk(createClientNames(undefined, () => 0));
  expect(desk.accept(open('a'))).toMatchObject([{ consumer: 'charges' }]);
});

test('a consumer without a connection name goes by a tag that says something', () => {
  const names = createClientNames(undefined, () => 0);
  const at = { connection_name: 'a', number: 1 };
  names.replace(
    [{ name: 'a', client_properties: {} }],
    [
      { consumer_tag: 'invoicing', queue: { name: 'charges' }, channel_details: at },
      { consumer_tag: 'amq.ctag-x1', queue: { name: 'audit' }, channel_details: at },
    ],
  );
  expect(names.consumerOf({ connection: 'a', channel: 1, queue: 'charges' })).toBe('invoicing');
  expect(names.consumerOf({ connection: 'a', channel: 1, queue: 'audit' })).toBe('audit');
});

test('tags that machines make up say nothing', () => {
  expect(spokenTag('amq.ctag-Bp2lV7_XbaBsQTc')).toBeUndefined();
  expect(spokenTag('6f9619ff-8b86-d011-b42d-00cf4fc964ff')).toBeUndefined();
  expect(spokenTag('ctag1.8f3e0aa91b2c4d')).toBeUndefined();
  expect(spokenTag('consumer-billing')).toBe('consumer-billing');
  expect(spokenTag('billing')).toBe('billing');
});
