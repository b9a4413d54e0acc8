import { describe, expect, it } from 'vitest';
import type { Channel } from '../../model/message.ts';
import { fetched } from './batch.fixture.ts';
import { dueMark, newReading, watchTransaction } from './reading.ts';

const channel: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const reading = () => newReading({ topic: 'orders', partition: 2 }, channel, 100, 0);

describe('coverage', () => {
  it('is told at most once a second, without holes', () => {
    const one = reading();
    one.next = one.handed = 150;
    one.firstTime = 7;
    one.lastTime = 9;
    expect(dueMark(one, 500)).toBeUndefined();
    expect(dueMark(one, 1_000)).toMatchObject({
      state: 'read',
      fromOffset: '100',
      toOffset: '150',
      from: 7,
      to: 9,
    });
    one.next = one.handed = 160;
    expect(dueMark(one, 1_500)).toBeUndefined();
    expect(dueMark(one, 1_500, true)).toMatchObject({ fromOffset: '150', toOffset: '160' });
  });

  it('says up to now at the end of the log, and again once in a while when nothing comes', () => {
    const one = reading();
    one.next = one.handed = 150;
    one.atEnd = true;
    expect(dueMark(one, 1_000)).toMatchObject({ to: 1_000 });
    expect(dueMark(one, 2_000)).toBeUndefined();
    expect(dueMark(one, 31_000)).toMatchObject({
      fromOffset: '150',
      toOffset: '150',
      from: 1_000,
      to: 31_000,
    });
  });
});

describe('an open transaction', () => {
  it('is told once it lasts, again when much more waits, and when it ends', () => {
    const one = reading();
    const held = (count: number) => ({ ...fetched([]), lastStableOffset: 120, highWatermark: 120 + count });
    expect(watchTransaction(one, held(37), 0)).toBeUndefined();
    expect(watchTransaction(one, held(37), 6_000)?.message).toBe(
      'Open transaction on orders/2: 37 records after offset 120 are not yet committed.',
    );
    expect(watchTransaction(one, held(40), 7_000)).toBeUndefined();
    expect(watchTransaction(one, held(80), 8_000)?.message).toContain('80 records');
    expect(watchTransaction(one, held(0), 9_000)?.message).toBe('The transaction on orders/2 ended.');
    expect(watchTransaction(one, held(0), 10_000)).toBeUndefined();
  });
});
