import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CorrelationKey } from '../model/event.ts';
import type { KeyEdit } from '../model/key-edit.ts';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { createFields } from './key-fields.ts';
import { channel, Published } from './test-events.ts';

/** Random enough to join while nobody is sure, or not. */
const uuid = (i: number) => `5b44f29d-bda4-40de-9689-db7e4b958d5${i}`;
const values = {
  orderId: (i: number) => `ord-100${i}`,
  paymentId: (i: number) => `pay-100${i % 3}`,
  basis: (i: number) => uuid(i % 4),
  po: (i: number) => `ord-100${i}`,
  for: (i: number) => `100${i}`,
  customerId: (i: number) => `cust-100${i % 2}`,
} as const;
const roles: Readonly<Record<keyof typeof values, CorrelationKey['role']>> = {
  orderId: 'joins',
  paymentId: 'joins',
  basis: 'found',
  po: 'found',
  for: 'found',
  customerId: 'member',
};
type Name = keyof typeof values;
const names = Object.keys(values) as Name[];
const channels = ['orders', 'payments'].map((name) => channel(name));

/** Few values, so that they recur, all along or close together. */
const one = fc.record({
  has: fc.subarray(names, { minLength: 1, maxLength: 3 }),
  at: fc.integer({ min: 0, max: 5 }),
  shift: fc.integer({ min: 0, max: 2 }),
  on: fc.constantFrom(...channels),
  type: fc.constantFrom('Placed', 'Placed', 'Paid'),
  time: fc.integer({ min: 0, max: 40 }),
});

const history = fc
  .array(one, { minLength: 1, maxLength: 100, size: 'max' })
  .map((all) =>
    all.map(({ has, at, shift, on, type, time }, i): EventFacts => {
      const keys = has.map((name, n): CorrelationKey => {
        const value = values[name](at + (n > 0 ? shift : 0));
        return { name, value, origin: 'payload', path: `data.${name}`, role: roles[name] };
      });
      return {
        seq: i + 1,
        id: `e${i + 1}`,
        channel: on,
        time: time * 100,
        clock: 'producer',
        facts: { type, ids: [], causes: [], keys },
      };
    }),
  )
  .chain((events) =>
    fc.record({
      events: fc.constant(events),
      arrival: fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      batch: fc.integer({ min: 3, max: 25 }),
    }),
  );

const edits = fc.array(
  fc.record({
    kind: fc.constant('key-edit' as const),
    name: fc.constantFrom(...names),
    action: fc.constantFrom('accept' as const, 'reject' as const, 'undo' as const),
    at: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 4 },
);

const assembler = () =>
  createAssembler({
    lookUp: () => Promise.resolve([]),
    known: createBloom(64),
    hubCaps: { process: 12, other: 9 },
  });

async function atOnce(events: readonly EventFacts[], said: readonly KeyEdit[]): Promise<Published> {
  const all = assembler();
  all.editKeys(said);
  await all.add(events);
  return new Published().apply(all.takeChanges());
}

const summaries = (published: Published) =>
  [...published.traces.values()].map(({ summary }) => summary).sort((a, b) => (a.id < b.id ? -1 : 1));

test('traces are what the events and the user say, whatever came first', async () => {
  await fc.assert(
    fc.asyncProperty(history, edits, fc.nat(12), async ({ events, arrival, batch }, said, saidAt) => {
      const expected = await atOnce(events, said);
      const bit = assembler();
      const published = new Published();
      for (let from = 0, turn = 0; from < arrival.length || turn <= saidAt; from += batch, turn++) {
        if (turn === saidAt) bit.editKeys(said);
        await bit.add(arrival.slice(from, from + batch));
        published.apply(bit.takeChanges());
      }
      expect(published.members()).toEqual(expected.members());
      expect(summaries(published)).toEqual(summaries(expected));
    }),
    { numRuns: 100 },
  );
});

test('what was taken back leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(history, edits, async ({ events }, said) => {
      const untouched = await atOnce(events, []);
      const all = assembler();
      await all.add(events);
      const published = new Published().apply(all.takeChanges());
      all.editKeys(said);
      published.apply(all.takeChanges());
      all.editKeys(names.map((name) => ({ kind: 'key-edit', name, action: 'undo', at: 10 })));
      published.apply(all.takeChanges());
      expect(published.members()).toEqual(untouched.members());
      expect(summaries(published)).toEqual(summaries(untouched));
    }),
    { numRuns: 150 },
  );
});

test('verdicts do not depend on the order of events, nor on events that come twice', () => {
  const verdicts = (events: readonly EventFacts[]) => {
    const fields = createFields();
    for (const event of events) fields.observe(event);
    fields.judge();
    return fields
      .all()
      .map(({ channelKey, path, verdict, policy }) => [channelKey, path, verdict, policy].join(' '))
      .sort();
  };
  fc.assert(
    fc.property(history, ({ events, arrival }) => {
      expect(verdicts([...arrival, ...arrival.slice(0, 7)])).toEqual(verdicts(events));
    }),
    { numRuns: 500 },
  );
});
