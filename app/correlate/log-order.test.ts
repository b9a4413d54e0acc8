import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position } from '../model/message.ts';
import type { Kind } from './kind.ts';
import { createLogOrder } from './log-order.ts';
import { EventNode } from './nodes.ts';
import { channel, event } from './test-events.ts';

const kind = (key: string): Kind => ({ key, channel: channel('orders'), type: key, producer: undefined });
const [placed, paid] = [kind('placed'), kind('paid')] as const;
const node = (position: Position, at: number) =>
  new EventNode({ ...event(1, { on: channel('orders'), at }), position }, 1);

/** Placed and paid in turn, one each 100 ms; the clock of whoever writes `paid` is off. */
const inTurn = (count: number, off: number) =>
  Array.from({ length: count }, (_, i) => ({
    node: node({ partition: 0, offset: String(i) }, i * 100 + (i % 2 === 1 ? off : 0)),
    kind: i % 2 === 1 ? paid : placed,
  }));

describe('the order of a partition', () => {
  test('tells the least time between two kinds in both directions', () => {
    const logs = createLogOrder();
    for (const one of inTurn(20, -2_000)) logs.observe(one.node, one.kind);
    expect(logs.learn().toSorted((x, y) => x.least - y.least)).toEqual([
      { before: placed, after: paid, least: -1_900 },
      { before: paid, after: placed, least: 2_100 },
    ]);
  });

  test('says nothing of what was seen once or twice, of other partitions, and of what has no position', () => {
    const logs = createLogOrder();
    for (const one of inTurn(4, -2_000)) logs.observe(one.node, one.kind);
    expect(logs.learn().filter(({ before }) => before === paid)).toEqual([]);
    const apart = createLogOrder();
    for (const [i, one] of inTurn(20, -2_000).entries()) {
      apart.observe(node({ partition: i, offset: String(i) }, i), one.kind);
      apart.observe(node({}, i), one.kind);
    }
    expect(apart.learn()).toEqual([]);
  });

  test('does not depend on the order in which events come', () => {
    const all = inTurn(40, 700);
    const learned = (some: typeof all) => {
      const logs = createLogOrder();
      for (const one of some) logs.observe(one.node, one.kind);
      return logs
        .learn()
        .map(({ before, after, least }) => `${before.key} ${after.key} ${least}`)
        .toSorted();
    };
    const expected = learned(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }), (some) => {
        expect(learned(some)).toEqual(expected);
      }),
    );
  });
});
