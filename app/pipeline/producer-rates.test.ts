import { expect, test } from 'vitest';
import type { Channel } from '../model/message.ts';
import { createProducerRates } from './producer-rates.ts';

const orders: Channel = { system: 'kafka', cluster: 'default', name: 'orders', kind: 'topic' };
const stock: Channel = { ...orders, name: 'stock' };

test('counts who publishes where, and forgets who is silent', () => {
  const rates = createProducerRates();
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 3; i++) rates.add({ ...orders }, 'storefront', second * 1000);
    rates.add(stock, 'storefront', second * 1000);
  }
  expect(rates.list(9_000)).toEqual([
    { channel: orders, producer: 'storefront', rate: 3 },
    { channel: stock, producer: 'storefront', rate: 1 },
  ]);
  rates.add(stock, 'depot', 20_000);
  expect(rates.list(20_000).map(({ producer }) => producer)).toEqual(['depot']);
});
