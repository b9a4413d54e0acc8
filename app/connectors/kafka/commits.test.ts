import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../model/message.ts';
import { CommitWatch } from './commits.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };

function replay(rounds: readonly (number | undefined)[]) {
  const watch = new CommitWatch();
  return rounds.map((offset, round) =>
    watch.see('payments', offset === undefined ? [] : [{ channel, partition: 1, offset }], {
      sent: round * 100,
      answered: round * 100 + 10,
    }),
  );
}

describe('what a group commits', () => {
  it('acknowledges what lies between two commits, between the two questions', () => {
    const [first, second] = replay([90, 120]);
    expect(first).toEqual([
      expect.objectContaining({
        subject: { channel, partition: 1, fromOffset: '0', toOffset: '90' },
        after: undefined,
        before: 10,
      }),
    ]);
    expect(second).toEqual([
      {
        kind: 'delivery',
        subject: { channel, partition: 1, fromOffset: '90', toOffset: '120' },
        consumer: 'payments',
        status: 'acknowledged',
        evidence: 'offset-commit',
        after: 0,
        before: 110,
      },
    ]);
  });

  it('says nothing while it stands still', () => {
    expect(replay([5, 5, 5]).slice(1)).toEqual([[], []]);
  });

  it('that goes backwards is a rewind, not an acknowledgement', () => {
    const [, rewind, after] = replay([120, 90, 100]);
    expect(rewind).toEqual([
      expect.objectContaining({
        kind: 'alert',
        severity: 'info',
        message: 'Group payments was rewound from 120 to 90 on orders/1.',
      }),
    ]);
    expect(after).toEqual([
      expect.objectContaining({ subject: { channel, partition: 1, fromOffset: '90', toOffset: '100' } }),
    ]);
  });

  it('gives intervals that hold: each offset acknowledged was passed by a growing commit, in that interval', () => {
    const rounds = fc.array(fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(rounds, (offsets) => {
        replay(offsets).forEach((facts, round) => {
          const now = offsets[round];
          const last = round === 0 ? undefined : offsets[round - 1];
          const grew = now !== undefined && now > (last ?? 0);
          expect(facts.filter(({ kind }) => kind === 'delivery')).toHaveLength(grew ? 1 : 0);
          for (const fact of facts) {
            if (fact.kind !== 'delivery' || !('fromOffset' in fact.subject)) continue;
            expect(Number(fact.subject.fromOffset)).toBe(last ?? 0);
            expect(Number(fact.subject.toOffset)).toBe(now);
            expect(fact.before).toBe(round * 100 + 10);
            expect(fact.after).toBe(last === undefined ? undefined : (round - 1) * 100);
          }
        });
      }),
    );
  });
});
