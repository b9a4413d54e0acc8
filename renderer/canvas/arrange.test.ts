import ELK from 'elkjs/lib/elk.bundled.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventHeadDto, LinkDto } from '../../app/contract/page.ts';
import { arrange, sizes } from './arrange.ts';
import type { Arrangement, Elk } from './arrange.ts';
import { causalOrder } from './causal-order.ts';
import { waitLength } from './columns.ts';
import { flowGraph } from './flow-graph.ts';

const engine = new ELK();
const elk: Elk = (graph) => engine.layout(graph);

function head(id: string, time: number, producer: string | undefined): EventHeadDto {
  return {
    id,
    channel: { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' },
    type: 'Something',
    ...(producer === undefined ? {} : { producer: { name: producer, inferred: false } }),
    time,
    clock: 'broker',
    keys: [],
    size: 1,
    format: 'json',
  };
}

const link = (from: string, to: string): LinkDto => ({
  from,
  to,
  evidence: 'causation-header',
  confidence: 1,
  why: '',
});

const traces = fc
  .array(
    fc.record({ time: fc.integer({ min: 0, max: 5000 }), lane: fc.constantFrom('a', 'b', 'c', undefined) }),
    {
      minLength: 1,
      maxLength: 14,
    },
  )
  .chain((shape) => {
    const events = shape.map(({ time, lane }, index) => head(`e${index}`, time, lane));
    const some = fc.integer({ min: 0, max: events.length - 1 });
    return fc.array(fc.tuple(some, some), { maxLength: 16 }).map((pairs) => ({
      events,
      links: pairs.map(([from, to]) => link(`e${from}`, `e${to}`)),
      deliveries: [],
    }));
  });

function crossesChip({ places, routes }: Arrangement): string | undefined {
  for (const [id, points] of routes) {
    for (const [index, point] of points.slice(1).entries()) {
      const before = points[index];
      if (!before) continue;
      const [left, right] = [Math.min(before.x, point.x), Math.max(before.x, point.x)];
      const [top, bottom] = [Math.min(before.y, point.y), Math.max(before.y, point.y)];
      for (const [node, { x, y }] of places) {
        const inside = left < x + sizes.chipWidth && right > x && top < y + sizes.chipHeight && bottom > y;
        if (inside) return `${id} crosses ${node}`;
      }
    }
  }
  return undefined;
}

describe('the picture of a trace', () => {
  test('no chip covers another, and no edge runs through a chip, whatever the trace', async () => {
    await fc.assert(
      fc.asyncProperty(traces, async (trace) => {
        const arranged = await arrange(flowGraph(trace), elk);
        const spots = [...arranged.places.values()];
        expect(spots).toHaveLength(trace.events.length);
        for (const [index, a] of spots.entries()) {
          for (const b of spots.slice(index + 1)) {
            const apart = Math.abs(a.x - b.x) >= sizes.chipWidth || Math.abs(a.y - b.y) >= sizes.chipHeight;
            expect(apart).toBe(true);
          }
        }
        expect(crossesChip(arranged)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test('is the same every time', async () => {
    await fc.assert(
      fc.asyncProperty(traces, async (trace) => {
        const once = await arrange(flowGraph(trace), elk);
        expect(await arrange(flowGraph(trace), elk)).toEqual({
          ...once,
          lanes: expect.any(Array),
        });
      }),
      { numRuns: 15 },
    );
  });

  test('effects lie to the right of their causes even where clocks disagree', async () => {
    const events = [head('cause', 100, 'a'), head('effect', 40, 'b'), head('later', 2000, 'a')];
    const { places } = await arrange(
      flowGraph({ events, links: [link('cause', 'effect')], deliveries: [] }),
      elk,
    );
    expect(places.get('effect')?.x).toBeGreaterThan((places.get('cause')?.x ?? 0) + sizes.chipWidth);
    expect(places.get('later')?.x).toBeGreaterThan(places.get('effect')?.x ?? 0);
  });

  test('what is on screen stays where it is when an event is added at the end', async () => {
    const events = [head('a', 0, 'shop'), head('b', 200, 'pay'), head('c', 400, 'ship')];
    const links = [link('a', 'b'), link('b', 'c')];
    const before = await arrange(flowGraph({ events, links, deliveries: [] }), elk);
    const grown = {
      events: [...events, head('d', 900, 'mail')],
      links: [...links, link('c', 'd')],
      deliveries: [],
    };
    const after = await arrange(
      flowGraph(grown),
      elk,
      before.lanes.map(({ id }) => id),
    );
    for (const [id, place] of before.places) expect(after.places.get(id)).toEqual(place);
  });

  test('a longer wait is drawn longer, and a day still fits', () => {
    expect(waitLength(5)).toBe(0);
    expect(waitLength(1000)).toBeGreaterThan(waitLength(100));
    expect(waitLength(86_400_000)).toBeLessThan(200);
  });
});

describe('causal order', () => {
  test('holds every item once, causes first where the links allow it', () => {
    fc.assert(
      fc.property(traces, ({ events, links }) => {
        const order = causalOrder(events, links).map(({ id }) => id);
        expect(order.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
        const acyclic = links.filter(({ from, to }) => Number(from.slice(1)) < Number(to.slice(1)));
        const sorted = causalOrder(events, acyclic).map(({ id }) => id);
        for (const { from, to } of acyclic) expect(sorted.indexOf(from)).toBeLessThan(sorted.indexOf(to));
      }),
    );
  });
});

describe('a trace with more events than a canvas can hold', () => {
  test('becomes one node for each lane, channel and type, and says so', () => {
    const events = Array.from({ length: 1000 }, (_, index) =>
      head(`e${index}`, index, index % 2 ? 'a' : 'b'),
    );
    const links = events.slice(1).map(({ id }, index) => link(`e${index}`, id));
    const graph = flowGraph({ events, links, deliveries: [] });
    expect(graph.collapsed).toBe(true);
    expect(graph.nodes.map((node) => node.events.length)).toEqual([500, 500]);
    expect(graph.links).toHaveLength(2);
  });
});
