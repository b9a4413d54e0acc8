import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import { offsetText } from '../model/clock.ts';
import type { RawMessage } from '../model/message.ts';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { createExplainer } from './explain/explain.ts';
import { channel, event } from './test-events.ts';

interface Play {
  readonly flows?: number;
  /** By how much the clock of payments is ahead, ms. */
  readonly ahead?: number;
  readonly clock?: RawMessage['clock'];
  /** Messages name their causes. */
  readonly states?: boolean;
  /** Of payments' events, how much else they are late by. */
  readonly late?: (flow: number) => number;
}

/** How long a service takes to answer, 4 to 83 ms, the same for the same text. */
const latency = (text: string) => 4 + (hashText(text) % 80);

/** Orders that payments answers, and orders again. */
function play({ flows = 30, ahead = 0, clock, states = true, late = () => 0 }: Play = {}): EventFacts[] {
  const steps = [
    { type: 'OrderPlaced', by: 'orders', on: channel('orders') },
    { type: 'PaymentTaken', by: 'payments', on: channel('payments') },
    { type: 'OrderConfirmed', by: 'orders', on: channel('orders') },
  ];
  return Array.from({ length: flows }, (_, flow) => {
    let time = 7 + flow * 1_003;
    return steps.map(({ type, by, on }, step) => {
      time += latency(`${flow} ${type}`);
      const shown = by === 'payments' ? time + ahead + late(flow) : time;
      const says = {
        ...{
          type,
          by,
          on,
          at: shown,
          ids: [`m-${flow}-${step}`],
          joins: { orderId: `ord-${10_000 + flow}` },
        },
        causes: states && step > 0 ? [`m-${flow}-${step - 1}`] : [],
        clock: by === 'payments' ? clock : undefined,
      };
      return { ...event(flow * 3 + step + 1, says), id: `${flow}-${type}` };
    });
  }).flat();
}

async function assembled(events: readonly EventFacts[], batch = events.length) {
  const assembler = createAssembler({ lookUp: () => Promise.resolve([]), known: createBloom(64) });
  for (let i = 0; i < events.length; i += batch) {
    await assembler.add(events.slice(i, i + batch));
    assembler.takeChanges(i % 2 === 0);
  }
  assembler.takeChanges();
  return assembler;
}

const offsets = async (events: readonly EventFacts[]) => (await assembled(events)).clockOffsets();

describe('clocks that differ', () => {
  test('are told by how much, where causes go both ways', async () => {
    const found = await offsets(play({ ahead: -2_000 }));
    expect(found).toHaveLength(1);
    const [offset] = found;
    expect(offset).toMatchObject({ behind: 'payments', ahead: 'orders', varies: false, links: 30 });
    expect(offset!.least).toBeLessThanOrEqual(2_000);
    expect(offset!.least).toBeGreaterThan(1_980);
    expect(offset!.most).toBeGreaterThanOrEqual(2_000);
    expect(offset!.most).toBeLessThan(2_020);
    expect(offsetText(offset!)).toMatch(/^payments is (1\.9|1\.9 to 2\.1|2 to 2\.1) s behind orders$/);
  });

  test('are told with two events that show it', async () => {
    const events = play({ ahead: 2_000 });
    const [offset] = await offsets(events);
    expect(offset).toMatchObject({ behind: 'orders', ahead: 'payments' });
    const [cause, effect] = [offset!.example.cause, offset!.example.effect].map((id) =>
      events.find((one) => one.id === id)!,
    );
    expect(effect!.facts.causes[0]!.id).toBe(cause!.facts.ids[0]);
    expect(cause!.time - effect!.time).toBe(offset!.least);
  });

  test('are told by at least how much, where they only go one way', async () => {
    const events = play({ ahead: -2_000 }).filter(({ facts }) => facts.type !== 'OrderConfirmed');
    const [offset] = await offsets(events);
    expect(offset).not.toHaveProperty('most');
    expect(offsetText(offset!)).toBe('payments is at least 1.9 s behind orders');
  });

  test('are those that gave the times, whoever published', async () => {
    const named = async (clock: RawMessage['clock'], ahead: number) =>
      (await offsets(play({ ahead, clock }))).map(({ behind, ahead: other }) => `${behind} < ${other}`);
    expect(await named('broker', -2_000)).toEqual(['the Kafka server (test) < orders']);
    expect(await named('observer', -2_000)).toEqual(['Headwater’s machine < orders']);
    // It came late, and was published who knows when.
    expect(await named('observer', 2_000)).toEqual([]);
    const nobody = play({ ahead: -2_000 }).map((one) => ({
      ...one,
      facts: { ...one.facts, producer: undefined },
    }));
    expect((await offsets(nobody))[0]).toMatchObject({
      behind: 'whoever publishes PaymentTaken on payments (test)',
      ahead: 'whoever publishes OrderPlaced on orders (test)',
    });
  });

  test('are told to vary, where one was set meanwhile', async () => {
    const events = play({ flows: 40, late: (flow) => (flow < 20 ? -3_000 : 0) });
    expect((await offsets(events)).map(offsetText)).toEqual([
      'payments was at times at least 2.9 s behind orders, and at others less',
    ]);
  });

  test('are the answer to why a link goes against time', async () => {
    const events = play({ ahead: -2_000 });
    const { known } = await assembled(events);
    const explainer = createExplainer({ events: events.slice(0, 3), known });
    expect(explainer.pair('0-OrderPlaced', '0-PaymentTaken')!.reasons.at(-1)).toMatch(
      /^By its time it came 1\.9 s before its cause\. Clocks differ: payments is .* behind orders, as 30 links prove\.$/,
    );
    expect(explainer.pair('0-PaymentTaken', '0-OrderConfirmed')!.reasons.join()).not.toContain('clocks');
  });
});

describe('clocks that do not provably differ', () => {
  test('are not mentioned', async () => {
    expect(await offsets(play())).toEqual([]);
    // Less than measuring may make of it.
    expect(await offsets(play({ ahead: -40 }))).toEqual([]);
  });

  test('are not concluded from guesses', async () => {
    expect(await offsets(play({ ahead: -2_000, states: false }))).toEqual([]);
  });

  test('are not concluded from one freak, nor from two', async () => {
    expect(await offsets(play({ late: (flow) => (flow === 7 ? -60_000 : 0) }))).toEqual([]);
    expect(await offsets(play({ flows: 2, ahead: -2_000 }))).toEqual([]);
    const many = play({ flows: 150, late: (flow) => (flow % 75 === 7 ? -60_000 : 0) });
    expect(await offsets(many)).toEqual([]);
  });

  test('are not concluded from whole seconds', async () => {
    const cut = play().map((one) =>
      one.facts.producer === 'payments' ? { ...one, time: Math.floor(one.time / 1_000) * 1_000 } : one,
    );
    expect(await offsets(cut)).toEqual([]);
  });
});

const ahead = fc.integer({ min: -20_000, max: 20_000 });

test('a skew lies between its bounds, and none is claimed that is not there', async () => {
  await fc.assert(
    fc.asyncProperty(ahead, fc.integer({ min: 8, max: 40 }), async (skew, flows) => {
      const found = await offsets(play({ flows, ahead: skew }));
      if (Math.abs(skew) <= 50) expect(found).toEqual([]);
      // The shortest answers take some ms, and the few shortest are left out.
      if (Math.abs(skew) > 50 + 84) expect(found).toHaveLength(1);
      for (const { behind, least, most = Infinity, varies } of found) {
        expect(varies).toBe(false);
        expect(behind).toBe(skew < 0 ? 'payments' : 'orders');
        expect(least).toBeLessThanOrEqual(Math.abs(skew));
        expect(most).toBeGreaterThanOrEqual(Math.abs(skew));
      }
    }),
    { numRuns: 40 },
  );
});

test('the same is found in whatever order events come, and in batches of any size', async () => {
  const events = fc.tuple(ahead, fc.integer({ min: 4, max: 200 })).chain(([skew, flows]) => {
    const all = play({ flows, ahead: skew, late: (flow) => (flow % 9 === 0 ? latency(`late ${flow}`) : 0) });
    return fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.integer({ min: 1, max: 40 }),
    );
  });
  await fc.assert(
    fc.asyncProperty(events, async ([inOrder, shuffled, batch]) => {
      const found = (await assembled(shuffled, batch)).clockOffsets();
      expect(found).toEqual(await offsets(inOrder));
    }),
    { numRuns: 15 },
  );
});
