import { expect, test } from 'vitest';
import type { Exchange, Queue } from './management-schema.ts';
import { planDeadLetterTaps, planTaps } from './taps.ts';
import type { Wiring } from './wiring.ts';

const exchange = (name: string, type: string, more: Partial<Exchange> = {}): Exchange => ({
  name,
  type,
  internal: false,
  auto_delete: false,
  arguments: {},
  ...more,
});
const queue = (name: string, args: Record<string, unknown> = {}): Queue => ({
  name,
  type: 'classic',
  exclusive: false,
  arguments: args,
});
const binding = (source: string, destination: string, routing_key: string) => ({
  source,
  destination,
  destination_type: 'queue',
  routing_key,
  arguments: {},
});
const wiring = (more: Partial<Wiring>): Wiring => ({
  exchanges: [],
  queues: [],
  bindings: [],
  consumers: [],
  connections: [],
  policies: [],
  ...more,
});

test('each type of exchange is tapped in its way, a direct one by what others are bound for', () => {
  const plan = planTaps(
    wiring({
      exchanges: [
        exchange('', 'direct'),
        exchange('f', 'fanout'),
        exchange('t', 'topic'),
        exchange('h', 'headers'),
        exchange('d', 'direct'),
      ],
      bindings: [binding('d', 'q', 'run'), binding('d', 'q2', 'run'), binding('d', 'headwater-1', 'stop')],
    }),
    'all',
  );
  expect(plan.taps).toEqual([
    { exchange: 'f', routingKey: '', args: {} },
    { exchange: 't', routingKey: '#', args: {} },
    { exchange: 'h', routingKey: '', args: { 'x-match': 'all' } },
    { exchange: 'd', routingKey: 'run', args: {} },
  ]);
  expect(plan.tapped).toEqual(['f', 't', 'h', 'd']);
});

test('where a tap would change what others get, there is none', () => {
  const plan = planTaps(
    wiring({
      exchanges: [
        exchange('by-argument', 'topic', { arguments: { 'alternate-exchange': 'a' } }),
        exchange('by-policy', 'topic', { policy: 'p' }),
        exchange('other-policy', 'topic', { policy: 'q' }),
        exchange('fleeting', 'topic', { auto_delete: true }),
        exchange('hashed', 'x-consistent-hash'),
      ],
      policies: [
        { name: 'p', definition: { 'alternate-exchange': 'a' } },
        { name: 'q', definition: {} },
      ],
    }),
    'all',
  );
  expect(plan.tapped).toEqual(['other-policy']);
  expect(plan.skipped.map((s) => s.exchange)).toEqual(['by-argument', 'by-policy', 'fleeting', 'hashed']);
});

test('a policy that cannot be read is taken for one that matters', () => {
  const plan = planTaps(wiring({ exchanges: [exchange('x', 'topic', { policy: 'p' })] }), 'all');
  expect(plan.skipped).toMatchObject([
    { exchange: 'x', reason: expect.stringContaining('policy p') as string },
  ]);
});

test('the exchanges that every virtual host has count only once they are used', () => {
  const exchanges = [
    exchange('amq.topic', 'topic'),
    exchange('amq.fanout', 'fanout'),
    exchange('inner', 'topic', { internal: true }),
  ];
  const bindings = [binding('amq.topic', 'mqtt', '#')];
  expect(planTaps(wiring({ exchanges, bindings }), 'all').tapped).toEqual(['amq.topic']);
  expect(planTaps(wiring({ exchanges, bindings }), ['amq.fanout', 'inner']).tapped).toEqual([
    'amq.fanout',
    'inner',
  ]);
});

test('dead-letter exchanges are tapped unless a tap would count as the safe arrival of a message', () => {
  const plan = planDeadLetterTaps(
    wiring({
      exchanges: [exchange('dead', 'fanout'), exchange('safe', 'fanout'), exchange('other', 'fanout')],
      queues: [
        queue('a', { 'x-dead-letter-exchange': 'dead' }),
        { ...queue('b'), effective_policy_definition: { 'dead-letter-exchange': 'dead' } },
        queue('c', { 'x-dead-letter-exchange': 'safe', 'x-dead-letter-strategy': 'at-least-once' }),
        queue('d', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'graveyard' }),
        queue('e'),
      ],
    }),
  );
  expect(plan.tapped).toEqual(['dead']);
  expect(plan.skipped).toMatchObject([{ exchange: 'safe' }]);
});
