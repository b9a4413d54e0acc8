import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heaviestBranching, type Arc } from './arborescence.ts';

const weightOf = (arcs: readonly (Arc | undefined)[]) =>
  arcs.reduce((sum, arc) => sum + (arc?.weight ?? 0), 0);

/** Whether nothing is among its own causes. */
function isBranching(arcs: readonly (Arc | undefined)[]): boolean {
  return arcs.every((_, start) => {
    let at = arcs[start]?.from;
    for (let i = 0; i <= arcs.length && at !== undefined; i++) {
      if (at === start) return false;
      at = arcs[at]?.from;
    }
    return true;
  });
}

/** All choices of one arc or none for each node. */
function heaviestByTrying(nodes: number, arcs: readonly Arc[]): number {
  let best = 0;
  const chosen: (Arc | undefined)[] = [];
  const choose = (node: number): void => {
    if (node === nodes) {
      if (isBranching(chosen)) best = Math.max(best, weightOf(chosen));
      return;
    }
    for (const arc of [undefined, ...arcs.filter(({ to }) => to === node)]) {
      chosen[node] = arc;
      choose(node + 1);
    }
  };
  choose(0);
  return best;
}

test('there is no heavier one', () => {
  const node = fc.nat(4);
  const arc = fc.record({ from: node, to: node, weight: fc.integer({ min: -2, max: 12 }) });
  fc.assert(
    fc.property(fc.array(arc, { maxLength: 14 }), (arcs) => {
      const found = heaviestBranching(5, arcs);
      expect(isBranching(found)).toBe(true);
      found.forEach((one, i) => one && expect([one.to, one.weight > 0]).toEqual([i, true]));
      const useful = arcs.filter(({ from, to, weight }) => from !== to && weight > 0);
      expect(weightOf(found)).toBe(heaviestByTrying(5, useful));
    }),
    { numRuns: 500 },
  );
});

test('a circle is broken where least is lost', () => {
  const found = heaviestBranching(3, [
    { from: 0, to: 1, weight: 10 },
    { from: 1, to: 2, weight: 9 },
    { from: 2, to: 0, weight: 8 },
  ]);
  expect(found.map((arc) => arc?.from)).toEqual([undefined, 0, 1]);
});
