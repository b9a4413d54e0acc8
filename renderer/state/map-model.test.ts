import { describe, expect, test } from 'vitest';
import type { ConnectionDto, TopologyDto } from '../../app/contract/page.ts';
import { edgeWidth, emptyModel, mapModel, remember } from './map-model.ts';
import type { MapMemory, MapModel } from './map-model.ts';

const now = 1_000_000_000;
const memory = (): MapMemory => ({ lags: new Map(), looks: new Map(), rates: new Map() });
const channel = (name: string, rest: Partial<TopologyDto['channels'][number]> = {}) => ({
  ...{ id: `kafka/prod/${name}`, system: 'kafka' as const, cluster: 'prod', kind: 'topic' as const },
  ...{ name, events: 100, rate: 21.34, last: now - 50 },
  ...rest,
});
const topology = (lag: number, rest: Partial<TopologyDto> = {}): TopologyDto => ({
  at: now,
  participants: [
    { id: 'p/shop', name: 'shop', role: 'producer' },
    { id: 'p/pay', name: 'pay', role: 'consumer' },
  ],
  channels: [channel('orders')],
  edges: [
    {
      ...{ id: '1', from: 'p/shop', to: 'kafka/prod/orders', kind: 'publishes', rate: 21.34 },
      evidence: 'events name it',
    },
    { id: '2', from: 'kafka/prod/orders', to: 'p/pay', kind: 'consumes', lag, evidence: 'subscription' },
  ],
  ...rest,
});
const connected = (phase: ConnectionDto['phase'], gaps: ConnectionDto['active'][number]['gaps'] = []) =>
  [
    {
      ...{ id: 'c', name: 'Orders cluster', phase, active: [{ channel: channel('orders'), gaps }] },
      problem: { code: 'x', message: 'It does not answer.', remedy: '' },
    },
  ] as unknown as ConnectionDto[];

/** The model after some looks, a second apart. */
function after(looks: readonly TopologyDto[], connections: ConnectionDto[] = [], later = 0): MapModel {
  const kept = memory();
  let model: MapModel = emptyModel;
  for (const look of looks) {
    remember(kept, look);
    model = mapModel(look, connections, model, kept, now + later);
  }
  return model;
}
const health = (model: MapModel, id = 'kafka/prod/orders') => model.nodes.get(id)?.health;

describe('the model of the map', () => {
  test('what did not change is the same object, so that it is not drawn again', () => {
    const kept = memory();
    const first = mapModel(topology(5), [], emptyModel, kept, now);
    const second = mapModel(topology(7), [], first, kept, now + 1000);
    expect(second.nodeIds).toBe(first.nodeIds);
    expect(second.edgeIds).toBe(first.edgeIds);
    for (const [id, node] of first.nodes) expect(second.nodes.get(id)).toBe(node);
    expect(second.edges.get('publishes p/shop kafka/prod/orders')).toBe(
      first.edges.get('publishes p/shop kafka/prod/orders'),
    );
    expect(second.edges.get('consumes kafka/prod/orders p/pay')?.lag).toBe(7);
  });

  test('rates have two significant figures, and wider lines carry more', () => {
    const { nodes } = after([topology(0)]);
    expect(nodes.get('kafka/prod/orders')?.rate).toBe(21);
    expect(nodes.get('p/shop')?.rate).toBe(21);
    expect(nodes.get('p/pay')?.rate).toBeUndefined();
    expect(edgeWidth(1000)).toBeGreaterThan(edgeWidth(10));
    expect(edgeWidth(1e9)).toBeLessThanOrEqual(6);
  });

  test('a lag that grows at each look is told from one that is there', () => {
    expect(health(after([10, 20, 30].map((lag) => topology(lag))))?.state).toBe('lagging');
    expect(health(after([10, 20, 30].map((lag) => topology(lag))), 'p/pay')?.state).toBe('lagging');
    expect(health(after([900, 900, 900].map((lag) => topology(lag))))?.state).toBe('well');
    expect(health(after([30, 10, 20].map((lag) => topology(lag))))?.state).toBe('well');
  });

  test('says why a channel is not read, and what of it was missed', () => {
    expect(health(after([topology(0)], connected('reconnecting')))).toEqual({
      state: 'down',
      words: 'Not read now: Orders cluster is reconnecting. It does not answer.',
    });
    expect(health(after([topology(0)], connected('reconnecting')), 'p/pay')?.state).toBe('down');
    expect(health(after([topology(0)], connected('live', [{ reason: 'retention' }])))?.state).toBe('gaps');
    expect(health(after([topology(0)], connected('done')))?.state).toBe('well');
  });

  test('silence is noticed where events came all the time, and nowhere else', () => {
    const quiet = topology(0, { channels: [channel('orders', { rate: 0 })] });
    expect(health(after([topology(0), quiet], connected('live'), 120_000))?.state).toBe('silent');
    expect(health(after([quiet], connected('live'), 120_000))?.state).toBe('well');
    expect(health(after([topology(0), quiet], connected('live'), 10_000))?.state).toBe('well');
  });

  test('several routing keys are one line; the same name in two clusters is told apart', () => {
    const [first] = topology(0).edges;
    const other = channel('orders', { id: 'kafka/staging/orders', cluster: 'staging' });
    const route = { from: 'kafka/prod/orders', to: other.id, kind: 'routes' as const, evidence: 'binding' };
    const { edges, nodes } = after([
      topology(0, {
        channels: [channel('orders'), other],
        edges: [
          ...(first ? [first] : []),
          { ...route, id: 'a', routingKey: 'paid' },
          { ...route, id: 'b', routingKey: 'placed' },
        ],
      }),
    ]);
    expect(edges.size).toBe(2);
    expect(edges.get(`routes kafka/prod/orders ${other.id}`)?.routingKeys).toBe('paid, placed');
    expect([...nodes.values()].filter(({ ambiguous }) => ambiguous)).toHaveLength(2);
  });

  test('what is inferred is never drawn as proven', () => {
    const [, consumes] = topology(0).edges;
    const { edges } = after([
      topology(0, { edges: consumes ? [{ ...consumes, evidence: 'inferred from the flow' }] : [] }),
    ]);
    expect([...edges.values()].map(({ proven }) => proven)).toEqual([false]);
  });

  test('who consumes from an exchange by way of a queue is not drawn twice', () => {
    const known = { lag: undefined, evidence: 'deliveries' };
    const { edges } = after([
      topology(0, {
        channels: [channel('payments', { kind: 'exchange' }), channel('fraud', { kind: 'queue' })],
        edges: [
          {
            id: '1',
            from: 'kafka/prod/payments',
            to: 'kafka/prod/fraud',
            kind: 'routes',
            evidence: 'binding',
          },
          {
            id: '2',
            from: 'kafka/prod/fraud',
            to: 'p/pay',
            kind: 'consumes',
            lag: 0,
            evidence: 'subscription',
          },
          { id: '3', from: 'kafka/prod/payments', to: 'p/pay', kind: 'consumes', ...known },
          { id: '4', from: 'kafka/prod/payments', to: 'p/shop', kind: 'consumes', ...known },
        ],
      }),
    ]);
    expect([...edges.keys()]).toEqual([
      'routes kafka/prod/payments kafka/prod/fraud',
      'consumes kafka/prod/fraud p/pay',
      'consumes kafka/prod/payments p/shop',
    ]);
  });
});
