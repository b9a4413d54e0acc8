import { describe, expect, it } from 'vitest';
import type { Coverage } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { createGapTracker } from './gap-tracker.ts';

const channel: Channel = { system: 'rabbitmq', cluster: 'default', name: 'payments', kind: 'exchange' };
const read = (from: number, to: number): Coverage => ({ kind: 'coverage', channel, state: 'read', from, to });

describe('gap tracker', () => {
  it('finds the time between two runs, and says it once', () => {
    const tracker = createGapTracker([read(0, 10_000)]);
    expect(tracker.see(read(60_000, 61_000))).toEqual([
      expect.objectContaining({ state: 'gap', from: 10_000, to: 60_000 }),
      read(60_000, 61_000),
    ]);
    expect(tracker.see(read(61_000, 62_000))).toEqual([read(61_000, 62_000)]);
  });

  it('finds a short one too: what passed in a second of reconnecting is lost as well', () => {
    const tracker = createGapTracker([read(0, 10_000)]);
    expect(tracker.see(read(11_000, 12_000))).toHaveLength(2);
    expect(tracker.listened()).toEqual([{ channel, until: 12_000 }]);
  });

  it('finds none where the connector has told it, or where marks touch', () => {
    const tracker = createGapTracker([read(0, 10_000)]);
    const told: Coverage = {
      kind: 'coverage',
      channel,
      state: 'gap',
      from: 10_000,
      to: 60_000,
      reason: 'broker restarted',
    };
    expect(tracker.see(told)).toEqual([told]);
    expect(tracker.see(read(60_000, 61_000))).toHaveLength(1);
  });

  it('leaves alone what has positions: there the offsets tell', () => {
    const mark: Coverage = { ...read(0, 10_000), fromOffset: '0', toOffset: '5' };
    const tracker = createGapTracker([mark]);
    expect(tracker.see({ ...mark, from: 90_000, to: 91_000 })).toHaveLength(1);
  });
});
