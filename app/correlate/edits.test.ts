import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import { createLinkEdits, type LinkEdit } from '../model/link-edit.ts';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler, type AssemblerOptions } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { channel, event, Published } from './test-events.ts';

const none: AssemblerOptions = { lookUp: () => Promise.resolve([]), known: createBloom(64) };
const edit = (action: LinkEdit['action'], from: string, to: string, at = 1): LinkEdit => ({
  ...{ kind: 'link-edit', action, from, to, at },
});

async function assembled(events: readonly EventFacts[], ...edits: readonly LinkEdit[][]): Promise<Published> {
  const assembler = createAssembler(none);
  await assembler.add(events);
  const published = new Published().apply(assembler.takeChanges());
  for (const said of edits) {
    await assembler.edit(said);
    published.apply(assembler.takeChanges());
  }
  return published;
}

const orderA = [
  event(1, { joins: { orderId: 'ord-1001' }, by: 'shop' }),
  event(2, { joins: { orderId: 'ord-1001' }, on: channel('payments'), by: 'payments' }),
  event(3, { joins: { orderId: 'ord-1001' }, on: channel('shipments'), by: 'shipping' }),
];
const orderB = [
  event(4, { joins: { orderId: 'ord-1002' }, by: 'shop' }),
  event(5, { joins: { orderId: 'ord-1002' }, on: channel('payments'), by: 'payments' }),
];

describe('what the user says of links', () => {
  it('makes a guessed link theirs', async () => {
    const { traces } = await assembled(orderA, [edit('confirm', 'e1', 'e2')]);
    const links = [...traces.values()].flatMap((trace) => trace.links);
    expect(links).toContainEqual({
      ...{ from: 1, to: 2, evidence: 'user', confidence: 1, why: 'you confirmed this link' },
    });
  });

  it('takes a link away for good: the next best cause is guessed instead, and never the one that was cut', async () => {
    const before = await assembled(orderA);
    expect(before.links()).toContain('t1: 2→3 key-and-time 0.5');
    const after = await assembled(orderA, [edit('cut', 'e2', 'e3')]);
    expect(after.links()).toEqual(expect.arrayContaining([expect.stringMatching(/1→3 key-and-time/)]));
    expect(after.links().join()).not.toContain('2→3');
    expect(after.members()).toEqual(before.members());
  });

  it('takes also away what a message says itself', async () => {
    const events = [event(1, { ids: ['m-1001'] }), event(2, { causes: ['m-1001'] })];
    expect((await assembled(events)).links()).toHaveLength(1);
    expect((await assembled(events, [edit('cut', 'e1', 'e2')])).links()).toEqual([]);
  });

  it('joins two orders in one trace, and parts them again', async () => {
    const both = [...orderA, ...orderB];
    const joined = await assembled(both, [edit('add', 'e3', 'e4')]);
    expect(joined.members()).toEqual(['1 2 3 4 5']);
    expect(joined.links()).toContain('t1: 3→4 user 1');
    expect(joined.redirects.get('t4')).toBe('t1');
    const undone = await assembled(both, [edit('add', 'e3', 'e4')], [edit('undo', 'e3', 'e4', 2)]);
    expect(undone.members()).toEqual(['1 2 3', '4 5']);
    expect(undone.links()).toEqual((await assembled(both)).links());
  });

  it('links against time where they say so, and makes no circle', async () => {
    const events = [event(1, { ids: ['m-1001'] }), event(2, { causes: ['m-1001'] })];
    expect((await assembled(events, [edit('add', 'e2', 'e1')])).links()).toEqual(['t1: 2→1 user 1']);
  });

  it('holds for what comes later, and for what left memory long ago', async () => {
    const published = new Published();
    const bySeq = new Map([...orderA, ...orderB].map((e) => [e.seq, e]));
    const assembler = createAssembler({
      known: createBloom(64),
      maxOpenEvents: 1,
      lookUp: (hashes) =>
        Promise.resolve(
          published.stored(bySeq, ({ id, facts }) =>
            [id, ...facts.keys.map(({ value }) => value)].some((value) => hashes.includes(hashText(value))),
          ),
        ),
    });
    await assembler.edit([edit('add', 'e3', 'e4')]);
    for (const e of [...orderA, ...orderB]) {
      await assembler.add([e]);
      published.apply(assembler.takeChanges());
    }
    expect(published.members()).toEqual(['1 2 3 4 5']);
    await assembler.edit([edit('undo', 'e3', 'e4', 2)]);
    published.apply(assembler.takeChanges());
    expect(published.members()).toEqual(['1 2 3', '4 5']);
    await assembler.edit([edit('add', 'e1', 'e5', 3)]);
    published.apply(assembler.takeChanges());
    expect(published.members()).toEqual(['1 2 3 4 5']);
    expect(published.links()).toContain('t1: 1→5 user 1');
  });
});

const said = fc.array(
  fc.record({
    kind: fc.constant('link-edit' as const),
    action: fc.constantFrom('confirm' as const, 'add' as const, 'cut' as const, 'undo' as const),
    from: fc.integer({ min: 1, max: 9 }).map((seq) => `e${seq}`),
    to: fc.integer({ min: 1, max: 9 }).map((seq) => `e${seq}`),
    at: fc.nat(4),
  }),
  { maxLength: 8 },
);
const events = fc
  .array(
    fc.record({
      order: fc.constantFrom('ord-1001', 'ord-1002', 'ord-1003'),
      shared: fc.constantFrom('pay-1001', 'pay-1002', undefined),
      hasOrder: fc.boolean(),
      at: fc.integer({ min: 0, max: 8 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((all) =>
    all.map(({ order, shared, hasOrder, at }, i) =>
      event(i + 1, {
        joins: {
          ...(hasOrder && { orderId: order }),
          ...(shared !== undefined && { paymentId: shared }),
        },
        at: at * 100,
      }),
    ),
  );

test('what is known of links does not depend on the order in which it was told', () => {
  fc.assert(
    fc.property(
      said.chain((edits) =>
        fc.tuple(fc.constant(edits), fc.shuffledSubarray(edits, { minLength: edits.length })),
      ),
      ([a, b]) => {
        const sorted = (all: readonly LinkEdit[]) =>
          createLinkEdits(all)
            .all()
            .map((e) => JSON.stringify(e))
            .sort();
        expect(sorted(a)).toEqual(sorted(b));
      },
    ),
  );
});

test('edits and events in any order and batching give the same traces and links; undone they leave nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      events,
      said,
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
      async (all, edits, coins) => {
        const expected = await assembled(all, edits);
        const assembler = createAssembler(none);
        const published = new Published();
        const [restEvents, restEdits] = [all.toReversed(), edits.slice()];
        for (const coin of coins) {
          const [next, saying] = coin ? [restEvents.shift(), undefined] : [undefined, restEdits.shift()];
          if (next) await assembler.add([next]);
          if (saying) await assembler.edit([saying]);
          published.apply(assembler.takeChanges());
        }
        await assembler.add(restEvents);
        await assembler.edit(restEdits);
        published.apply(assembler.takeChanges());
        expect(published.members()).toEqual(expected.members());
        expect(published.links()).toEqual(expected.links());

        await assembler.edit(edits.map((e) => ({ ...e, action: 'undo', at: 9 })));
        published.apply(assembler.takeChanges());
        const plain = await assembled(all);
        expect(published.members()).toEqual(plain.members());
        expect(published.links()).toEqual(plain.links());
      },
    ),
    { numRuns: 500 },
  );
});
