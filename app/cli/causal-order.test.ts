import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causalOrder, causalTrees } from './causal-order.ts';

const event = (id: string, time: number) => ({ id, time });
const link = (from: string, to: string, confidence = 1, evidence = 'causation-header') => ({
  from,
  to,
  evidence,
  confidence,
});
const ids = (events: readonly { id: string }[]): string => events.map(({ id }) => id).join('');

describe('causal order', () => {
  test('is the order of time, except that a cause comes before its effects', () => {
    const events = [event('a', 1), event('b', 2), event('c', 3), event('d', 4)];
    expect(ids(causalOrder(events, []))).toBe('abcd');
    expect(ids(causalOrder(events, [link('d', 'b')]))).toBe('adbc');
    expect(ids(causalOrder(events, [link('c', 'a'), link('b', 'a')]))).toBe('bcad');
    expect(ids(causalOrder(events, [link('d', 'a', 1, 'duplicate')]))).toBe('abcd');
  });

  const name = fc.integer({ min: 0, max: 9 }).map(String);
  const links = fc.array(fc.tuple(name, name).map(([from, to]) => link(from, to)));

  test('keeps every event once, whatever the links, and holds unless they go round', () => {
    const events = fc.uniqueArray(fc.record({ id: name, time: fc.nat(50) }), { selector: (e) => e.id });
    fc.assert(
      fc.property(events, links, (all, anyLinks) => {
        expect(ids(causalOrder(all, anyLinks)).split('').sort()).toEqual(all.map((e) => e.id).sort());
        const forward = anyLinks.filter(({ from, to }) => from < to);
        const place = new Map(causalOrder(all, forward).map((e, i) => [e.id, i]));
        for (const { from, to } of forward) {
          if (place.has(from) && place.has(to)) expect(place.get(from)).toBeLessThan(place.get(to) ?? -1);
        }
      }),
    );
  });

  test('takes a chain of 100,000 events', () => {
    const events = Array.from({ length: 100_000 }, (_, i) => event(String(i), -i));
    const chain = events.slice(1).map(({ id }, i) => link(String(i), id));
    expect(causalOrder(events, chain)[0]?.id).toBe('0');
  });
});

test('a tree hangs each event on its surest cause and tells the others', () => {
  const events = [event('a', 1), event('b', 2), event('c', 3)];
  const [root, ...others] = causalTrees(events, [link('a', 'b'), link('a', 'c', 0.5), link('b', 'c')]);
  expect(others).toEqual([]);
  expect(root?.effects[0]?.effects[0]).toMatchObject({
    event: { id: 'c' },
    cause: { from: 'b' },
    otherCauses: [{ from: 'a' }],
  });
});
