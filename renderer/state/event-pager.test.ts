import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventRowDto } from '../../app/contract/page.ts';
import { countRows, rowsBetween } from './event-pages.ts';
import { eventPager } from './event-pager.ts';
import type { EventsAnswer, Pull, Tail } from './event-pager.ts';

/** An engine that answers when it is told to, in any order, as of when it was asked or of when it answers. */
class Engine {
  /** Numbers of the events that the search finds, oldest first. Others are recorded between them. */
  readonly found: number[] = [];
  private newest = 0;
  private pending: { answer(): void }[] = [];

  record(count: number, every: number): void {
    for (let index = 0; index < count; index++) {
      this.newest += 1;
      if (this.newest % every === 0) this.found.push(this.newest);
    }
  }

  readonly pull = (page: Pull): Promise<EventsAnswer> =>
    new Promise((resolve) => {
      const asked = this.answerTo(page);
      const early = this.pending.length % 2 === 0;
      this.pending.push({ answer: () => resolve(early ? asked : this.answerTo(page)) });
    });

  /** Gives one of the answers that are due, and lets the page take it. */
  async answer(which: number): Promise<boolean> {
    const [due] = this.pending.splice(which % Math.max(1, this.pending.length), 1);
    due?.answer();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    return due !== undefined;
  }

  private answerTo({ before, after, limit }: Pull): EventsAnswer {
    const inside = this.found.filter(
      (seq) => seq < (before ?? Number.POSITIVE_INFINITY) && seq > (after ?? Number.NEGATIVE_INFINITY),
    );
    const taken = after === undefined ? inside.slice(-limit) : inside.slice(0, limit);
    return { rows: taken.toReversed().map(row), more: inside.length > taken.length, notes: [] };
  }
}

const row = (seq: number): EventRowDto => ({
  id: `e${seq}`,
  seq,
  channel: { system: 'kafka', cluster: 'prod', name: 'orders', kind: 'topic' },
  time: seq,
  clock: 'broker',
  keys: [],
  size: 1,
  format: 'json',
  hasProblems: false,
});

/** Whatever happened: newest first, nothing twice, and nothing missing between the first and the last. */
function expectWhole(tail: Tail | undefined, found: readonly number[]): void {
  const pages = tail?.list.pages ?? [];
  const [top, bottom] = [pages[0]?.newest, pages.at(-1)?.oldest];
  if (!tail || top === undefined || bottom === undefined) return;
  const expected = found.filter((seq) => seq >= bottom && seq <= top).toReversed();
  const shown = rowsBetween(tail.list, 0, countRows(tail.list));
  expect(shown).toHaveLength(expected.length);
  shown.forEach((each, place) => {
    if (each) expect(each.seq).toBe(expected[place]);
  });
}

type Step =
  | { readonly do: 'record'; readonly count: number }
  | { readonly do: 'look'; readonly part: number }
  | { readonly do: 'follow'; readonly follow: boolean }
  | { readonly do: 'answer'; readonly which: number }
  | { readonly do: 'catchUp' }
  | { readonly do: 'renew' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('record' as const), count: fc.oneof(fc.nat(30), fc.nat(700)) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      part: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('follow' as const), follow: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'catchUp' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'renew' as const }) },
);

test('whatever the order of answers: no row twice, none missing, newest first, and the count is right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 100 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, every) => {
        const engine = new Engine();
        let tail: Tail | undefined;
        const pager = eventPager(engine.pull, (shown) => (tail = shown));
        const rows = (): number => (tail ? countRows(tail.list) : 0);
        engine.record(1600, every);
        void pager.restart();
        for (const each of steps) {
          if (each.do === 'record') {
            engine.record(each.count, every);
            void pager.recorded();
          } else if (each.do === 'look') {
            const first = Math.floor(each.part * rows());
            void pager.look(first, first + 40);
          } else if (each.do === 'follow') void pager.follow(each.follow);
          else if (each.do === 'catchUp') void pager.catchUp();
          else if (each.do === 'renew') void pager.renew();
          else await engine.answer(each.which);
          expectWhole(tail, engine.found);
          expectWhole(tail, engine.found);
        }
        // All settles: what is shown and what is counted together are all that is newer than the end.
        void pager.recorded();
        while (await engine.answer(0));
        const top = tail?.list.pages[0]?.newest ?? 0;
        const newer = engine.found.filter((seq) => seq > top).length;
        if (tail && !tail.uncounted) expect(tail.fresh).toBe(newer);
        // At the top again, everything can be reached by scrolling down.
        void pager.catchUp();
        while (await engine.answer(0));
        for (let end = -1; end < rows();) {
          end = rows();
          void pager.look(end - 40, end);
          while (await engine.answer(0));
        }
        expect(rows()).toBe(engine.found.length);
        void pager.look(0, 40);
        while (await engine.answer(0));
        const first = rowsBetween(tail?.list ?? { pages: [], more: false }, 0, 40);
        expect(first.map((each) => each?.seq)).toEqual(engine.found.slice(-41).toReversed());
      },
    ),
    { numRuns: 100 },
  );
});

test('rows far from the screen are forgotten, and pulled again when one comes back', async () => {
  const engine = new Engine();
  let tail: Tail | undefined;
  const pager = eventPager(engine.pull, (shown) => (tail = shown));
  engine.record(20_000, 1);
  void pager.restart();
  await engine.answer(0);
  for (let end = 0; end < 20_000;) {
    end = countRows(tail?.list ?? { pages: [], more: false });
    void pager.look(end - 40, end);
    while (await engine.answer(0));
    if (end === 20_000) break;
  }
  const kept = tail?.list.pages.filter(({ rows }) => rows).length;
  expect(kept).toBeLessThanOrEqual(6);
  expect(rowsBetween(tail?.list ?? { pages: [], more: false }, 0, 0)).toEqual([undefined]);
});

test('what comes while the list is held still is counted, up to a limit, and shown when asked for', async () => {
  const engine = new Engine();
  let tail: Tail | undefined;
  const pager = eventPager(engine.pull, (shown) => (tail = shown));
  engine.record(300, 1);
  void pager.restart();
  await engine.answer(0);
  void pager.follow(false);
  engine.record(1204, 1);
  void pager.recorded();
  while (await engine.answer(0));
  expect(tail).toMatchObject({ fresh: 1204, uncounted: false });
  engine.record(9000, 1);
  void pager.recorded();
  while (await engine.answer(0));
  expect(tail).toMatchObject({ uncounted: true });
  expect(tail?.list.pages[0]?.newest).toBe(300);
  void pager.catchUp();
  await engine.answer(0);
  expect(tail?.list.pages[0]?.newest).toBe(10_504);
  expect(tail).toMatchObject({ fresh: 0, uncounted: false });
});

test('an answer that fails is told, and asking again goes on where it was', async () => {
  let fails = true;
  let tail: Tail | undefined;
  const pager = eventPager(
    () =>
      fails
        ? Promise.reject(new Error('gone'))
        : Promise.resolve({ rows: [row(2), row(1)], more: false, notes: [] }),
    (shown) => (tail = shown),
  );
  await expect(pager.restart()).rejects.toThrow('gone');
  fails = false;
  await pager.resume();
  expect(tail?.list.pages).toMatchObject([{ newest: 2, oldest: 1, size: 2 }]);
});
