import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../model/delivery.ts';
import { inHandOf } from './in-hand.ts';

const delivery = (change: Partial<Delivery>): Delivery => ({
  kind: 'delivery',
  subject: { event: 'm1' },
  consumer: 'shipping',
  status: 'pending',
  evidence: 'pending-entries',
  time: 10,
  ...change,
});

describe('what a consumer has in hand', () => {
  test('is what it was handed and has not acknowledged, since it was handed out last', () => {
    expect(inHandOf([delivery({}), delivery({ status: 'redelivered', time: 20 })])).toEqual([
      { consumer: 'shipping', since: 20 },
    ]);
    const acknowledged = delivery({ status: 'acknowledged', time: undefined, after: 12, before: 15 });
    expect(inHandOf([delivery({}), acknowledged])).toEqual([]);
    expect(inHandOf([delivery({}), { ...acknowledged, consumer: 'audit' }])).toHaveLength(1);
    expect(inHandOf([delivery({ time: 30 }), acknowledged])).toHaveLength(1);
  });

  test('is never taken from a delivery alone: most systems do not show acknowledgements', () => {
    expect(inHandOf([delivery({ status: 'delivered', evidence: 'firehose' })])).toEqual([]);
    expect(inHandOf([delivery({ status: 'redelivered', evidence: 'firehose' })])).toEqual([]);
    expect(inHandOf([delivery({ evidence: 'import' })])).toHaveLength(1);
    expect(inHandOf([delivery({}), delivery({ status: 'dead-lettered', time: 11 })])).toEqual([]);
  });

  test('does not depend on the order in which deliveries were recorded', () => {
    const any = fc.record({
      consumer: fc.constantFrom('a', 'b'),
      status: fc.constantFrom('pending', 'redelivered', 'delivered', 'acknowledged', 'rejected'),
      evidence: fc.constantFrom('pending-entries', 'firehose', 'import'),
      time: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(any), fc.infiniteStream(fc.nat()), (changes, places) => {
        const all = changes.map((change) => delivery(change as Partial<Delivery>));
        const shuffled = all
          .map((each) => ({ each, place: places.next().value as number }))
          .sort((x, y) => x.place - y.place)
          .map(({ each }) => each);
        const sorted = (list: ReturnType<typeof inHandOf>) =>
          list.toSorted((x, y) => x.consumer.localeCompare(y.consumer));
        expect(sorted(inHandOf(shuffled))).toEqual(sorted(inHandOf(all)));
      }),
    );
  });
});
