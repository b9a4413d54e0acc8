import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { channel, event, Published } from './test-events.ts';
import type { EventFacts } from '../model/trace.ts';

/** A service's latency: between 5 and 200 ms, the same for the same text. */
const latency = (text: string) => 5 + (hashText(text) % 196);

interface Step {
  readonly type: string;
  /** Waits for the last of these. */
  readonly after: readonly string[];
  readonly by?: string;
  /** It names its cause in a header. */
  readonly states?: boolean;
  /** The clock of its machine, ms. */
  readonly clock?: number;
}

/** So many orders that take these steps; each step named `<order>-<type>`. */
function play(
  orders: number,
  steps: readonly Step[],
  isLost: (order: number, type: string) => boolean = () => false,
) {
  const events: EventFacts[] = [];
  let seq = 0;
  for (let order = 0; order < orders; order++) {
    const at = new Map<string, number>();
    for (const { type, after, by, states, clock = 0 } of steps) {
      const start = Math.max(...after.map((cause) => at.get(cause) as number), order * 137);
      const time = start + (after.length === 0 ? 0 : latency(`${order} ${type}`));
      at.set(type, time);
      seq++;
      if (isLost(order, type)) continue;
      const says = {
        type,
        by,
        on: channel(type),
        at: time + clock,
        joins: { orderId: `ord-${10_000 + order}` },
        causes: states === true ? after.map((cause) => `${order}-${cause}`) : [],
      };
      events.push({ ...event(seq, says), id: `${order}-${type}` });
    }
  }
  return events;
}

async function causesOf(
  events: readonly EventFacts[],
  orders: number,
  type: string,
  consumers: [string, string][] = [],
) {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  assembler.setSubscriptions(
    'c',
    consumers.map(([consumer, on]) => ({ kind: 'subscription', consumer, channel: channel(on) })),
  );
  await assembler.add(events);
  const published = new Published().apply(assembler.takeChanges());
  const idOf = new Map(events.map(({ seq, id }) => [seq, id]));
  const links = [...published.traces.values()].flatMap((trace) => trace.links);
  const wanted = new Set(events.map(({ id }) => id));
  return Array.from({ length: orders }, (_, order) => `${order}-${type}`)
    .filter((id) => wanted.has(id))
    .map((id) =>
      links
        .filter(({ to }) => idOf.get(to) === id)
        .map(({ from }) => idOf.get(from)?.replace(/^\d+-/, ''))
        .toSorted((x = '', y = '') => (x < y ? -1 : 1))
        .join('+'),
    );
}

const all = (cause: string, count: number) => Array.from({ length: count }, () => cause);

describe('what usually causes what is learned', () => {
  test('of two effects of one event neither is taken for the cause of the other', async () => {
    const events = play(40, [
      { type: 'placed', after: [] },
      { type: 'paid', after: ['placed'] },
      { type: 'reserved', after: ['placed'] },
    ]);
    expect(await causesOf(events, 40, 'paid')).toEqual(all('placed', 40));
    expect(await causesOf(events, 40, 'reserved')).toEqual(all('placed', 40));
  });

  test('in a chain the step before is the cause, not the one before that', async () => {
    const events = play(40, [
      { type: 'placed', after: [] },
      { type: 'paid', after: ['placed'] },
      { type: 'shipped', after: ['paid'] },
    ]);
    expect(await causesOf(events, 40, 'shipped')).toEqual(all('paid', 40));
  });

  test('what waits for two has two causes', async () => {
    const events = play(60, [
      { type: 'placed', after: [] },
      { type: 'paid', after: ['placed'] },
      { type: 'reserved', after: ['placed'] },
      { type: 'shipped', after: ['paid', 'reserved'] },
    ]);
    expect(await causesOf(events, 60, 'shipped')).toEqual(all('paid+reserved', 60));
  });

  test('where the cause was not observed no other is taken for it', async () => {
    const events = play(
      40,
      [
        { type: 'placed', after: [] },
        { type: 'paid', after: ['placed'] },
        { type: 'shipped', after: ['paid'] },
      ],
      (order, type) => type === 'paid' && order % 10 === 3,
    );
    const expected = Array.from({ length: 40 }, (_, order) => (order % 10 === 3 ? '' : 'paid'));
    expect(await causesOf(events, 40, 'shipped')).toEqual(expected);
  });

  test('what names whichever of two came last waits for both', async () => {
    const steps = [
      { type: 'placed', after: [] },
      { type: 'paid', after: ['placed'], states: true },
      { type: 'reserved', after: ['placed'], states: true },
    ];
    const events = play(60, [...steps, { type: 'shipped', after: ['paid', 'reserved'], states: true }]);
    const named = events.map((one) => {
      if (!one.id.endsWith('shipped')) return one;
      const order = one.id.replace('-shipped', '');
      const timeOf = (type: string) => events.find(({ id }) => id === `${order}-${type}`)!.time;
      const last = timeOf('paid') > timeOf('reserved') ? 'paid' : 'reserved';
      const causes = one.facts.causes.filter(({ id }) => id === `${order}-${last}`);
      return { ...one, facts: { ...one.facts, causes } };
    });
    expect(await causesOf(named, 60, 'shipped')).toEqual(all('paid+reserved', 60));
    // What names the same each time waits for that.
    expect(await causesOf(named, 60, 'paid')).toEqual(all('placed', 60));
  });

  /** A service's latency as it is in life: mostly short, seldom long. */
  const skewed = (text: string) => 10 + 600 * ((hashText(text) % 1_000) / 1_000) ** 5;
  const chain = ['placed', 'checked', 'paid', 'reserved', 'packed', 'shipped', 'delivered'];
  const slow = new Map([
    ['checked', -1_500],
    ['reserved', 1_200],
    ['packed', 1_200],
  ]);
  const inLife = (clocks: ReadonlyMap<string, number>) =>
    Array.from({ length: 120 }, (_, order) => {
      let time = order * 700;
      return chain.map((type, i) => {
        if (i > 0) time += skewed(`${order} ${type}`);
        const says = { type, on: channel(type), at: time + (clocks.get(type) ?? 0) };
        const joins = { orderId: `ord-${10_000 + order}` };
        return { ...event(order * 10 + i + 1, { ...says, joins }), id: `${order}-${type}` };
      });
    }).flat();

  test('clocks that differ without a proof hide nothing where the whole can only be explained by them', async () => {
    for (const clocks of [new Map<string, number>(), slow]) {
      const events = inLife(clocks);
      for (const [i, type] of chain.entries()) {
        const found = await causesOf(events, 120, type);
        const right = found.filter((cause) => cause === (chain[i - 1] ?? '')).length;
        expect([type, right >= 108], `${type} with ${clocks.size} wrong clocks`).toEqual([type, true]);
      }
    }
  });

  const slowClock = (states: boolean) =>
    play(40, [
      { type: 'placed', after: [], by: 'shop' },
      { type: 'paid', after: ['placed'], by: 'payments', clock: -2_000 },
      { type: 'billed', after: ['placed'], by: 'payments', clock: -2_000, states },
      { type: 'shipped', after: ['paid'], by: 'shipping' },
    ]);

  test('a clock that is slow hides no cause where what others state shows it, and it is known who consumes what', async () => {
    const events = slowClock(true);
    const consumers: [string, string][] = [
      ['payments', 'placed'],
      ['shipping', 'paid'],
      ['shop', 'shipped'],
    ];
    expect(await causesOf(events, 40, 'paid', consumers)).toEqual(all('placed', 40));
    expect(await causesOf(events, 40, 'placed', consumers)).toEqual(all('', 40));
  });

  test('nothing is linked against time where no clock is known to be wrong', async () => {
    const consumers: [string, string][] = [
      ['payments', 'placed'],
      ['shop', 'shipped'],
    ];
    expect(await causesOf(slowClock(false), 40, 'placed', consumers)).toEqual(all('', 40));
    expect(await causesOf(slowClock(false), 40, 'paid', consumers)).toEqual(all('', 40));
  });
});

test('what was learned does not depend on the order and the batching of arrival', async () => {
  const events = play(12, [
    { type: 'placed', after: [] },
    { type: 'paid', after: ['placed'] },
    { type: 'reserved', after: ['placed'] },
    { type: 'shipped', after: ['paid', 'reserved'] },
  ]);
  const assemble = async (arrival: readonly EventFacts[], size: number) => {
    const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
    const published = new Published();
    for (let first = 0; first < arrival.length; first += size) {
      await assembler.add(arrival.slice(first, first + size));
      published.apply(assembler.takeChanges());
    }
    return published.links();
  };
  const expected = await assemble(events, events.length);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      fc.integer({ min: 1, max: 20 }),
      async (arrival, size) => {
        expect(await assemble(arrival, size)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('what is learned late is also believed of what several orders share', async () => {
  const paid = (seq: number, payment: string, order?: string) => {
    const joins = { paymentId: payment, ...(order !== undefined && { orderId: order }) };
    return event(seq, { joins, at: 0, on: channel('orders') });
  };
  const few = [paid(9, 'pay-1002', 'ord-1002'), paid(8, 'pay-1002', 'ord-1001'), paid(6, 'pay-1002')];
  const rest = [1, 2, 3, 4, 5, 7].map((seq) => paid(seq, 'pay-1001'));
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  const published = new Published();
  for (const some of [...few.map((one) => [one]), rest]) {
    await assembler.add(some);
    published.apply(assembler.takeChanges());
  }
  const whole = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  await whole.add([...rest, ...few]);
  expect(published.links()).toEqual(new Published().apply(whole.takeChanges()).links());
});
