import { expect, test } from 'vitest';
import type { Channel } from '../../model/message.ts';
import { createListening } from './listening.ts';

const channel: Channel = { system: 'rabbitmq', cluster: 'c', name: 'payments', kind: 'exchange' };

test('a moment counts as read once what waited then was taken', () => {
  const listening = createListening(1_000);
  listening.add(channel, 100);
  listening.received(10);
  expect(listening.probed(200, 2)).toEqual([]);
  listening.received(10);
  listening.received(10);
  listening.taken(2);
  expect(listening.probed(300, 0)).toEqual([]);
  listening.taken(1);
  expect(listening.probed(400, 0)).toEqual([
    { kind: 'coverage', channel, state: 'read', from: 100, to: 400 },
  ]);
});

test('a queue that may have been full since the last look may have dropped', () => {
  const listening = createListening(100);
  listening.add(channel, 0);
  expect(listening.probed(1_000, 0)).toMatchObject([{ state: 'read' }]);
  // 60 were received and 40 wait: at some moment it may have held 100.
  for (let i = 0; i < 60; i++) listening.received(10);
  listening.probed(2_000, 40);
  listening.taken(100);
  for (let i = 0; i < 40; i++) listening.received(10);
  expect(listening.probed(3_000, 0)).toMatchObject([
    { state: 'dropped', from: 1_000, to: 2_000 },
    { state: 'read', to: 3_000 },
  ]);
  expect(listening.end()).toEqual([]);
});

test('few big messages fill it too', () => {
  const listening = createListening(50_000);
  listening.add(channel, 0);
  listening.received(5 * 1024 * 1024);
  listening.probed(1_000, 30);
  expect(listening.end()).toMatchObject([{ state: 'dropped' }]);
});

test('what was missed is a gap, and listening begins anew after it', () => {
  const listening = createListening(100);
  listening.add(channel, 0);
  listening.probed(1_000, 0);
  expect(listening.missed(1_000, 5_000, 'why')).toMatchObject([
    { state: 'gap', from: 1_000, to: 5_000, reason: 'why' },
  ]);
  expect(listening.probed(6_000, 0)).toMatchObject([{ state: 'read', from: 5_000, to: 6_000 }]);
  listening.remove(channel);
  expect(listening.probed(7_000, 0)).toEqual([]);
});
