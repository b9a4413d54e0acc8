import { describe, expect, test } from 'vitest';
import type { DeliveryDto, EventHeadDto, LinkDto } from '../../../app/contract/page.ts';
import { well } from '../../state/map-health.ts';
import type { MapEdge, MapModel, MapNode } from '../../state/map-model.ts';
import type { Place } from '../../state/map-places.ts';
import { flowOrder, nearest, neighbour } from './flow-order.ts';
import { traceSteps } from './trace-steps.ts';
import { visible } from './visible.ts';

const participant = (name: string): MapNode => ({
  ...{ id: `p/${name}`, name, kind: 'participant', ambiguous: false, quiet: false, health: well },
});
const channel = (
  name: string,
  kind: EventHeadDto['channel']['kind'],
  rest: Partial<MapNode> = {},
): MapNode => ({
  ...{
    id: `c/${name}`,
    name,
    kind,
    system: 'rabbitmq',
    cluster: 'prod',
    ambiguous: false,
    quiet: false,
    health: well,
  },
  ...rest,
});
const edge = (from: string, to: string, kind: MapEdge['kind'], width = 1): MapEdge => ({
  ...{
    id: `${from} ${to}`,
    from,
    to,
    kind,
    proven: true,
    evidence: '',
    routingKeys: '',
    width,
    quiet: false,
    lagging: false,
  },
});

const nodes = [
  participant('shop'),
  participant('billing'),
  channel('payments', 'exchange'),
  channel('charges', 'queue'),
  channel('dead', 'queue'),
];
const edges = [
  edge('p/shop', 'c/payments', 'publishes', 3),
  edge('c/payments', 'c/charges', 'routes'),
  edge('c/charges', 'p/billing', 'consumes'),
  edge('c/charges', 'c/dead', 'dead-letters'),
  edge('p/billing', 'c/payments', 'publishes', 2),
];
const model: MapModel = {
  nodeIds: nodes.map(({ id }) => id),
  edgeIds: edges.map(({ id }) => id),
  nodes: new Map(nodes.map((node) => [node.id, node])),
  edges: new Map(edges.map((each) => [each.id, each])),
  ...{ nodeLooks: new Map(), edgeLooks: new Map() },
};

const event = (id: string, time: number, on: string, producer?: string): EventHeadDto => ({
  ...{ id, time, clock: 'broker', keys: [], size: 1, format: 'json' },
  channel: { system: 'rabbitmq', cluster: 'prod', name: on, kind: on === 'payments' ? 'exchange' : 'queue' },
  ...(producer !== undefined && { producer: { name: producer, inferred: false } }),
});
const link = (from: string, to: string): LinkDto => ({ from, to, evidence: '', confidence: 1, why: '' });

describe('a trace on the map', () => {
  test('numbers hops in causal order and goes through the queue that an exchange fills', () => {
    const {
      edges: lit,
      nodes: touched,
      now,
    } = traceSteps(
      {
        events: [event('requested', 9, 'payments', 'shop'), event('charged', 5, 'payments', 'billing')],
        links: [link('requested', 'charged')],
        deliveries: [],
      },
      model,
    );
    expect(lit.get('p/shop c/payments')?.hops).toEqual([1]);
    expect(lit.get('p/billing c/payments')?.hops).toEqual([2]);
    expect([...lit.keys()]).toContain('c/payments c/charges');
    expect([...lit.keys()]).toContain('c/charges p/billing');
    expect([...lit.keys()]).not.toContain('c/charges c/dead');
    expect(touched.get('c/payments')?.hops).toEqual([1, 2]);
    expect(now).toBe('c/payments');
  });

  test('shows who it waits for, and the way of a dead letter', () => {
    const pending: DeliveryDto = {
      ...{ event: 'requested', consumer: 'billing', status: 'pending', evidence: 'span' },
    };
    const {
      edges: lit,
      nodes: touched,
      now,
    } = traceSteps(
      {
        events: [event('requested', 1, 'payments', 'shop'), event('given-up', 2, 'dead')],
        links: [link('requested', 'given-up')],
        deliveries: [pending],
      },
      model,
    );
    expect(touched.get('p/billing')?.pending).toBe(true);
    expect(lit.get('c/charges p/billing')?.pending).toBe(true);
    expect(lit.get('c/charges c/dead')?.hops).toEqual([2]);
    expect(now).toBe('c/dead');
  });
});

describe('the way over the map by keyboard', () => {
  const at = (x: number, y: number): Place => ({ x, y, by: 'flow' });
  const places = new Map([
    ['a', at(0, 0)],
    ['b', at(280, 0)],
    ['c', at(280, 100)],
    ['d', at(560, 40)],
  ]);

  test('goes along the flow, and to what lies beside', () => {
    const order = flowOrder(['d', 'c', 'b', 'a'], places);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(nearest('b', 'ArrowDown', order, places)).toBe('c');
    expect(nearest('b', 'ArrowRight', order, places)).toBe('d');
    expect(nearest('b', 'ArrowLeft', order, places)).toBe('a');
    expect(nearest('a', 'ArrowLeft', order, places)).toBeUndefined();
  });

  test('goes up and down the stream where the most moves', () => {
    expect(neighbour('c/payments', 'upstream', edges)).toBe('p/shop');
    expect(neighbour('p/billing', 'downstream', edges)).toBe('c/payments');
    expect(neighbour('c/dead', 'downstream', edges)).toBeUndefined();
  });
});

describe('a map of hundreds of channels', () => {
  const now = 10_000_000;
  const idle = Array.from({ length: 300 }, (_, index) =>
    channel(`idle-${index}`, 'queue', { rate: 0, last: now - 3_600_000 }),
  );
  const busy = channel('busy', 'queue', { rate: 5, last: now });
  const reader = participant('reader');
  const all = [reader, busy, ...idle];
  const large: MapModel = {
    nodeIds: all.map(({ id }) => id),
    edgeIds: [],
    nodes: new Map(all.map((node) => [node.id, node])),
    edges: new Map([['x', edge('c/idle-7', 'p/reader', 'consumes')]]),
    ...{ nodeLooks: new Map(), edgeLooks: new Map() },
  };
  const names = (shown: ReturnType<typeof visible>) => shown.nodes.map(({ name }) => name);

  test('leaves the idle ones out until they are asked for', () => {
    const shown = visible(large, false, new Set());
    expect(names(shown)).toEqual(['busy']);
    expect(shown.idle).toBe(300);
    expect(visible(large, true, new Set()).nodes).toHaveLength(302);
    expect(names(visible(large, false, new Set(['c/idle-7'])))).toEqual(['reader', 'busy', 'idle-7']);
  });

  test('a small map hides nothing', () => {
    expect(visible(model, false, new Set()).nodes).toHaveLength(nodes.length);
  });
});
