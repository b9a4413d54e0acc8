import { expect, test } from 'vitest';
import type { Delivery } from '../model/delivery.ts';
import type { Channel } from '../model/message.ts';
import { inferProducer, type Cause } from './infer-producer.ts';

const channel: Channel = { system: 'rabbitmq', cluster: 'default', name: 'payments', kind: 'exchange' };
const delivery = (consumer: string, more: Partial<Delivery> = {}): Delivery => ({
  kind: 'delivery',
  subject: { event: 'requested' },
  consumer,
  status: 'delivered',
  evidence: 'firehose',
  time: 1,
  ...more,
});
const cause = (...deliveries: Delivery[]): Cause => ({ channel, deliveries });
const consumers =
  (...names: string[]) =>
  () =>
    new Set(names);

test('who was handed the cause published its effect, whoever else consumes the channel, also when it has left', () => {
  const causes = [cause(delivery('fraud'))];
  expect(inferProducer(causes, consumers('fraud', 'shipping', 'payments.fraud'))).toBe('fraud');
  expect(inferProducer(causes, consumers())).toBe('fraud');
  expect(inferProducer([cause(delivery('fraud'), delivery('audit'))], consumers('fraud'))).toBeUndefined();
});

test('a dead letter names nobody, and of commits the first may be the wrong one', () => {
  const dead = delivery('payments.fraud', { status: 'dead-lettered' });
  const commit = delivery('inventory', { evidence: 'offset-commit', status: 'acknowledged' });
  expect(inferProducer([cause(dead, commit)], consumers('fraud', 'inventory'))).toBeUndefined();
  expect(inferProducer([cause(dead, commit)], consumers('fraud'))).toBe('fraud');
});
