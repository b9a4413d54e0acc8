import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../model/delivery.ts';
import type { Channel } from '../../model/message.ts';
import { compareGroup, type GroupState, type PendingEntry } from './groups.ts';
import { createRecentIds } from './recent-ids.ts';

const channel: Channel = { system: 'redis', cluster: 'c', name: 'orders', kind: 'stream' };
const pending = (id: string, consumer = 's1', count = 1, idle = 0): PendingEntry => ({
  id,
  consumer,
  idle,
  count,
});
const group = (at: number, lastDelivered: string, more: Partial<GroupState> = {}): GroupState => ({
  name: 'shipping',
  at,
  until: at + 1,
  lastDelivered,
  entriesRead: undefined,
  pending: [],
  pendingUpTo: undefined,
  consumers: new Set(['s1', 's2']),
  ...more,
});
const readUpTo = (...ids: string[]) => {
  const recent = createRecentIds('0-0');
  ids.forEach((id) => recent.add(id));
  return recent;
};
const brief = (deliveries: readonly Delivery[]) =>
  deliveries.map((d) => [
    d.status,
    'event' in d.subject
      ? d.subject.event.split('/').at(-1)
      : `${d.subject.fromOffset}..${d.subject.toOffset}`,
    d.via,
  ]);

/** Looks one after the other; gives what the last one told. */
function look(read: ReturnType<typeof readUpTo>, ...states: GroupState[]): readonly Delivery[] {
  let memory;
  let deliveries: readonly Delivery[] = [];
  for (const state of states) ({ memory, deliveries } = compareGroup(memory, state, channel, read));
  return deliveries;
}

describe('at the first look', () => {
  test('what is in hand is pending since it was handed out', () => {
    const state = group(10_000, '5-0', {
      pending: [pending('4-0', 's1', 1, 300), pending('5-0', 's2', 3, 20)],
    });
    expect(look(readUpTo(), state)).toMatchObject([
      {
        status: 'pending',
        consumer: 'shipping',
        via: 's1',
        time: 9_700,
        subject: { event: 'redis/c/orders/4-0' },
      },
      { status: 'redelivered', consumer: 'shipping', via: 's2', time: 9_980 },
    ]);
  });

  test('the rest was acknowledged before, if the group is known to have read it', () => {
    const held = [pending('2-0'), pending('4-0')];
    const known = group(10_000, '5-0', { pending: held, entriesRead: 5 });
    expect(brief(look(readUpTo(), known)).slice(2)).toEqual([
      ['acknowledged', '0-0..2-0', undefined],
      ['acknowledged', '2-1..4-0', undefined],
      ['acknowledged', '4-1..5-1', undefined],
    ]);
    const unknown = group(10_000, '5-0', { pending: held });
    expect(brief(look(readUpTo(), unknown))).toHaveLength(2);
  });
});

describe('between two looks', () => {
  test('what is no longer in hand was acknowledged in between', () => {
    const before = group(10_000, '5-0', { pending: [pending('4-0'), pending('5-0', 's2')] });
    const after = group(12_000, '5-0', { pending: [pending('4-0')] });
    expect(look(readUpTo(), before, after)).toEqual([
      {
        kind: 'delivery',
        subject: { event: 'redis/c/orders/5-0' },
        consumer: 'shipping',
        status: 'acknowledged',
        evidence: 'pending-entries',
        after: 10_000,
        before: 12_001,
        via: 's2',
      },
    ]);
  });

  test('what the group passed without having it in hand was acknowledged', () => {
    const read = readUpTo('10500-0', '10600-0', '10700-0', '10800-0');
    const deliveries = look(
      read,
      group(10_000, '10500-0'),
      group(12_000, '10700-0', { pending: [pending('10600-0')] }),
    );
    expect(brief(deliveries)).toEqual([
      ['pending', '10600-0', 's1'],
      ['acknowledged', '10700-0', undefined],
    ]);
    // Not before it was added.
    expect(deliveries[1]).toMatchObject({ after: 10_700, before: 12_001 });
  });

  test('what was not read yet is told once it is', () => {
    const read = readUpTo('1-0');
    const first = compareGroup(undefined, group(10_000, '1-0'), channel, read);
    const second = compareGroup(first.memory, group(12_000, '3-0'), channel, read);
    expect(second.deliveries).toEqual([]);
    read.add('2-0');
    read.add('3-0');
    const third = compareGroup(second.memory, group(14_000, '3-0'), channel, read);
    expect(brief(third.deliveries)).toEqual([
      ['acknowledged', '2-0', undefined],
      ['acknowledged', '3-0', undefined],
    ]);
  });

  test('entries too many to name are told as ranges', () => {
    const read = createRecentIds('0-0', 2);
    const before = group(10_000, '1-0');
    for (let i = 1; i <= 9; i++) read.add(`${i}-0`);
    const after = group(12_000, '9-0', { pending: [pending('5-0')] });
    expect(brief(look(read, before, after))).toEqual([
      ['pending', '5-0', 's1'],
      ['acknowledged', '1-1..5-0', undefined],
      ['acknowledged', '5-1..9-1', undefined],
    ]);
  });

  test('an entry in another hand was delivered again, an unchanged one is not told twice', () => {
    const before = group(10_000, '5-0', { pending: [pending('4-0'), pending('5-0')] });
    const after = group(12_000, '5-0', { pending: [pending('4-0'), pending('5-0', 's2', 2)] });
    expect(brief(look(readUpTo(), before, after))).toEqual([['redelivered', '5-0', 's2']]);
  });

  test('a consumer that was deleted has acknowledged nothing', () => {
    const before = group(10_000, '5-0', { pending: [pending('5-0')] });
    expect(look(readUpTo(), before, group(12_000, '5-0', { consumers: new Set(['s2']) }))).toEqual([]);
  });

  test('a group that was set back tells nothing', () => {
    const before = group(10_000, '5-0', { pending: [pending('5-0')] });
    expect(look(readUpTo(), before, group(12_000, '2-0', { entriesRead: 2 }))).toEqual([]);
  });

  test('beyond what was listed of the pending entries nothing is concluded', () => {
    const before = group(10_000, '9-0', { pending: [pending('3-0'), pending('9-0')] });
    const after = group(12_000, '9-0', { pending: [pending('5-0')], pendingUpTo: '5-0' });
    expect(brief(look(readUpTo('1-0', '9-0'), before, after))).toEqual([
      ['pending', '5-0', 's1'],
      ['acknowledged', '3-0', 's1'],
    ]);
  });
});
