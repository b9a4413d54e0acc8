import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecentTraces, recentKept, type RecentTrace } from './recent-traces.ts';

const trace = (no: number, end: number): RecentTrace => ({
  ...{ no, end },
  summary: () => ({
    ...{ id: `t${no}`, keys: [], start: end, end, events: 1, hops: 1, systems: ['kafka'], failed: false },
  }),
});
const newestOf = (all: Iterable<RecentTrace>) => [...all].sort((a, b) => b.end - a.end || b.no - a.no);

test('whatever it says is what the file would say', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ no: fc.nat(6_000), end: fc.nat(3_000) }) },
    { weight: 1, arbitrary: fc.record({ no: fc.nat(6_000) }) },
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 400 }),
      fc.nat(recentKept * 3),
      fc.nat(1_500),
      (steps, stored, offset) => {
        const all = new Map(
          Array.from({ length: stored }, (_, no) => [no, trace(no, (no * 7) % 1_000)] as const),
        );
        const recent = createRecentTraces();
        recent.begin(newestOf(all.values()).slice(0, recentKept), all.size < recentKept);
        for (const { no, ...rest } of steps) {
          if ('end' in rest) {
            all.set(no, trace(no, rest.end));
            recent.put(trace(no, rest.end));
          } else {
            all.delete(no);
            recent.remove(no);
          }
        }
        const page = recent.page(50, offset);
        const whole = newestOf(all.values()).map(({ summary }) => summary().id);
        if (page) expect(page.map(({ id }) => id)).toEqual(whole.slice(offset, offset + 50));
        // The first page is there unless most of what was held has gone.
        else expect(offset + 50 > recentKept - 100 || steps.length > 100).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('it does not grow without end, and forgets the oldest', () => {
  const recent = createRecentTraces();
  recent.begin([], true);
  for (let no = 0; no < recentKept * 5; no++) recent.put(trace(no, no));
  expect(recent.page(2, 0)?.map(({ id }) => id)).toEqual([
    `t${recentKept * 5 - 1}`,
    `t${recentKept * 5 - 2}`,
  ]);
  expect(recent.page(1, recentKept * 2)).toBeUndefined();
});
