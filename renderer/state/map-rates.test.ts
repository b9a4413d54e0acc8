import { expect, test } from 'vitest';
import type { TopologyDto } from '../../app/contract/page.ts';
import { edgeRates, rememberEdges } from './map-rates.ts';
import type { Looks } from './map-rates.ts';

type Edge = TopologyDto['edges'][number];
const topic = { system: 'kafka', cluster: 'prod', kind: 'topic' } as const;
const rabbit = { system: 'rabbitmq', cluster: 'prod' } as const;
const edge = (kind: Edge['kind'], from: string, to: string, rest: Partial<Edge> = {}): Edge => ({
  ...{ id: `${kind} ${from} ${to}`, kind, from, to, evidence: 'subscription', ...rest },
});

const topology = (at: number, lag: number, handed: number): TopologyDto => ({
  at,
  participants: [],
  channels: [
    { ...topic, id: 'orders', name: 'orders', events: 900, rate: 10 },
    { ...rabbit, kind: 'exchange', id: 'payments', name: 'payments', events: 50, rate: 4 },
    { ...rabbit, kind: 'exchange', id: 'dlx', name: 'dlx', events: 5, rate: 0.5 },
    { ...rabbit, kind: 'queue', id: 'charges', name: 'charges', events: 0, rate: 0 },
  ],
  edges: [
    edge('publishes', 'shop', 'orders', { rate: 9 }),
    edge('consumes', 'orders', 'shipping', { lag }),
    edge('consumes', 'orders', 'audit', { events: handed, evidence: 'deliveries' }),
    edge('routes', 'payments', 'charges'),
    edge('consumes', 'charges', 'billing'),
    edge('consumes', 'payments', 'billing', { events: handed, evidence: 'deliveries' }),
    edge('dead-letters', 'charges', 'dlx'),
  ],
});

test('every edge has a rate, as far as what is said of it tells', () => {
  const looks: Looks = new Map();
  rememberEdges(looks, topology(1000, 100, 40));
  rememberEdges(looks, topology(5000, 112, 52));
  const rates = edgeRates(topology(5000, 112, 52), looks);
  expect(Object.fromEntries(rates)).toEqual({
    'publishes shop orders': 9,
    // 10 come a second, of which 3 are left lying.
    'consumes orders shipping': 7,
    'consumes orders audit': 3,
    'routes payments charges': 3,
    'consumes charges billing': 3,
    'consumes payments billing': 3,
    'dead-letters charges dlx': 0.5,
  });
});

test('one look alone tells no growth, and what is long ago counts no more', () => {
  const looks: Looks = new Map();
  rememberEdges(looks, topology(1000, 100, 40));
  expect(edgeRates(topology(1000, 100, 40), looks).has('consumes charges billing')).toBe(false);
  expect(edgeRates(topology(1000, 100, 40), looks).get('consumes orders shipping')).toBe(10);
  rememberEdges(looks, topology(60_000, 100, 4000));
  expect(looks.get('consumes charges billing')).toHaveLength(1);
});
