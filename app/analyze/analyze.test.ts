import { describe, expect, test } from 'vitest';
import type { Topology } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { consumersByChannel } from './consumers.ts';
import { buildTopology } from './topology.ts';

const orders: Channel = { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' };
const payments: Channel = { system: 'rabbitmq', cluster: 'prod', name: 'payments', kind: 'exchange' };
const charges: Channel = { ...payments, name: 'charges', kind: 'queue' };

const wiring: Topology = {
  kind: 'topology',
  observedAt: 0,
  channels: [],
  subscriptions: [
    { kind: 'subscription', channel: orders, consumer: 'payments', lag: 4 },
    { kind: 'subscription', channel: charges, consumer: 'billing' },
  ],
  bindings: [
    { kind: 'binding', channel: payments, to: 'charges', toKind: 'queue', routingKey: 'charge.*' },
    { kind: 'binding', channel: charges, to: 'dead', toKind: 'exchange', deadLetter: true },
    { kind: 'binding', channel: { ...payments, name: 'dead' }, to: 'payments', toKind: 'exchange' },
  ],
};

describe('the topology', () => {
  test('joins what events, brokers and deliveries say', () => {
    const seen = [
      { channel: orders, producer: 'storefront', events: 3, last: 30 },
      { channel: orders, events: 2, last: 40 },
      { channel: payments, producer: 'payments', events: 1, last: 10 },
    ];
    const delivered = [{ channel: orders, consumer: 'shipping', deliveries: 2 }];
    const topology = buildTopology(seen, [wiring], delivered);
    expect(topology.participants.map((p) => [p.name, p.role])).toEqual([
      ['billing', 'consumer'],
      ['payments', 'both'],
      ['shipping', 'consumer'],
      ['storefront', 'producer'],
    ]);
    expect(topology.channels.map((c) => [c.id, c.events])).toContainEqual(['kafka/prod/topic/orders', 5]);
    const short = (id: string): string => id.split('/').at(-1) ?? '';
    expect(topology.edges.map((e) => `${short(e.from)} ${e.kind} ${short(e.to)}`).sort()).toEqual([
      'charges consumes billing',
      'charges dead-letters dead',
      'dead routes payments',
      'orders consumes payments',
      'orders consumes shipping',
      'payments publishes payments',
      'payments routes charges',
      'storefront publishes orders',
    ]);
    expect(topology.edges.find((e) => e.lag !== undefined)).toMatchObject({
      lag: 4,
      evidence: 'subscription',
    });
  });

  test('who publishes what names no producer is inferred from its name, unless it consumes it or is named', () => {
    const on = (name: string): Channel => ({ ...orders, name });
    const reads = (consumer: string, channel: Channel) => ({
      kind: 'subscription' as const,
      channel,
      consumer,
    });
    const consumers: Topology = {
      ...wiring,
      bindings: [],
      subscriptions: [
        reads('ledger-service', orders),
        reads('shop-notifications', orders),
        reads('audit-service', on('audit')),
        reads('billing', orders),
      ],
    };
    const seen = [
      { channel: on('shop.ledger'), events: 2, last: 1 },
      { channel: on('notifications.email'), events: 2, last: 1 },
      { channel: on('audit'), events: 2, last: 1 },
      { channel: on('billing'), producer: 'invoices', events: 2, last: 1 },
      { channel: on('ledger.archive'), events: 0, last: 1 },
    ];
    const { edges } = buildTopology(seen, [consumers]);
    const publishes = edges.filter(({ kind }) => kind === 'publishes');
    expect(publishes.map((e) => [e.from, e.to, e.evidence])).toEqual([
      ['participant/invoices', 'kafka/prod/topic/billing', 'events name it'],
      ['participant/ledger-service', 'kafka/prod/topic/shop.ledger', 'named after it, inferred'],
    ]);
  });

  test('an edge that two sources know is one edge', () => {
    const { edges } = buildTopology([], [wiring], [{ channel: orders, consumer: 'payments', deliveries: 7 }]);
    expect(edges.filter((e) => e.from.endsWith('orders'))).toEqual([
      expect.objectContaining({ evidence: 'subscription', lag: 4, events: 7 }),
    ]);
  });

  test('consumers are found through what the broker routes, dead letters aside, and cycles end', () => {
    const consumers = consumersByChannel([wiring]);
    expect([...consumers(payments)]).toEqual(['billing']);
    expect([...consumers({ ...payments, name: 'dead' })]).toEqual(['billing']);
    expect([...consumers({ ...payments, name: 'nowhere' })]).toEqual([]);
  });
});
