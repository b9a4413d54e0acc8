import ELK from 'elkjs/lib/elk.bundled.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Places } from '../state/map-places.ts';
import type { Elk } from './arrange.ts';
import { arrangeMap, missingPlaces, nodeSize, placeNew } from './map-layout.ts';
import type { MapGraph } from './map-layout.ts';

const engine = new ELK();
const elk: Elk = (graph) => engine.layout(graph);

const graphs = fc.integer({ min: 1, max: 16 }).chain((size) => {
  const nodes = Array.from({ length: size }, (_, index) => `n${index}`);
  const some = fc.constantFrom(...nodes);
  return fc
    .array(fc.record({ from: some, to: some }), { maxLength: 24 })
    .map((arcs): MapGraph => ({ nodes, arcs }));
});

/** What the map knows of a graph when only its first nodes are there. */
function beginning({ nodes, arcs }: MapGraph, size: number): MapGraph {
  const known = new Set(nodes.slice(0, size));
  return {
    nodes: nodes.slice(0, size),
    arcs: arcs.filter(({ from, to }) => known.has(from) && known.has(to)),
  };
}

function expectApart(places: Places): void {
  const spots = [...places];
  for (const [index, [a, first]] of spots.entries())
    for (const [b, second] of spots.slice(index + 1)) {
      const apart =
        Math.abs(first.x - second.x) >= nodeSize.width || Math.abs(first.y - second.y) >= nodeSize.height;
      expect(apart, `${a} and ${b}`).toBe(true);
    }
}

describe('the places of the map', () => {
  test('nothing covers anything, whatever is connected to what', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const places = await arrangeMap(graph, elk);
        expect([...places.keys()].toSorted()).toEqual(graph.nodes.toSorted());
        expectApart(places);
        expect(missingPlaces(graph, places).ids).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('what lies in the flow stays where it is when nodes come, and what comes covers nothing', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(16), async (graph, part) => {
        const first = beginning(graph, Math.max(1, part % (graph.nodes.length + 1)));
        const before = await arrangeMap(first, elk);
        const { ids } = missingPlaces(graph, before);
        const came = placeNew(graph, ids, before);
        const after = new Map([...before, ...came]);
        expectApart(after);
        for (const [id, place] of before) {
          // What was connected to nothing was only parked.
          if (place.by !== 'parked') expect(after.get(id)).toEqual(place);
        }
        expect(missingPlaces(graph, after).ids).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('runs from left to right, also where the flow goes round in a circle', async () => {
    const arcs = [
      { from: 'shop', to: 'orders' },
      { from: 'orders', to: 'payments' },
      { from: 'payments', to: 'paid' },
      { from: 'paid', to: 'shop' },
      { from: 'orders', to: 'orders' },
    ];
    const nodes = ['orders', 'paid', 'payments', 'shop'];
    const places = await arrangeMap({ nodes, arcs }, elk);
    const forward = arcs.filter(({ from, to }) => (places.get(to)?.x ?? 0) > (places.get(from)?.x ?? 0));
    expect(forward).toHaveLength(3);
  });

  test('is arranged anew while more comes than is there, but never once the reader has moved something', async () => {
    const arcs = [{ from: 'a', to: 'b' }];
    const places = await arrangeMap({ nodes: ['a', 'b'], arcs }, elk);
    const grown = { nodes: ['a', 'b', 'c', 'd', 'e'], arcs: [...arcs, { from: 'b', to: 'c' }] };
    expect(missingPlaces(grown, places).anew).toBe(true);
    const moved = new Map([...places, ['a', { x: 8, y: 8, by: 'hand' as const }] as const]);
    expect(missingPlaces(grown, moved)).toEqual({ ids: ['c', 'd', 'e'], anew: false });
  });

  test('a new consumer is placed right of its channel', () => {
    const places: Places = new Map([['orders', { x: 400, y: 100, by: 'flow' }]]);
    const came = placeNew(
      { nodes: ['mail', 'orders'], arcs: [{ from: 'orders', to: 'mail' }] },
      ['mail'],
      places,
    );
    expect(came.get('mail')?.x).toBeGreaterThan(400 + nodeSize.width);
    expect(came.get('mail')?.y).toBe(100);
  });
});
