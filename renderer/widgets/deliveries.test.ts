import { expect, test } from 'vitest';
import type { DeliveryDto } from '../../app/contract/page.ts';
import { standings } from './deliveries.ts';

const delivery = (consumer: string, status: DeliveryDto['status'], time?: number): DeliveryDto => ({
  event: 'e',
  consumer,
  status,
  evidence: 'span',
  ...(time === undefined ? {} : { time }),
});

test('each consumer stands where its last delivery left it', () => {
  const found = standings([
    delivery('billing', 'rejected', 20),
    delivery('billing', 'delivered', 10),
    delivery('audit', 'acknowledged', 5),
    delivery('audit', 'delivered', 5),
    delivery('mail', 'pending'),
    delivery('mail', 'delivered'),
  ]);
  expect(found.map(({ consumer, status }) => `${consumer} ${status}`)).toEqual([
    'audit acknowledged',
    'billing rejected',
    'mail pending',
  ]);
});
