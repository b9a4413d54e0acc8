import { describe, expect, test } from 'vitest';
import { wordedOrder } from './wording.ts';

describe('the names of types', () => {
  test.each([
    ['ReserveStock', 'StockReserved', 2],
    ['reserve-stock.command', 'com.shop.StockReservedEvent', 2],
    ['ShipOrder', 'OrderShipped', 2],
    ['CancelOrder', 'order.cancelled', 2],
    ['ProcessPayment', 'PaymentProcessed', 2],
    ['ReserveStock', 'StockCounted', 1],
    ['StockCounted', 'ReserveStock', 0],
    ['OrderApplied', 'ApplyOrder', -2],
    ['OrderPlaced', 'OrderCompleted', 1],
    ['OrderCompleted', 'OrderPlaced', -1],
    ['StockReserved', 'ReserveStock', -2],
    ['OrderShipped', 'ShipOrder', -2],
  ])('%s comes before %s: %i', (before, after, order) => {
    expect(wordedOrder(before, after)).toBe(order);
  });

  test.each([
    ['OrderPlaced', 'StockReserved'],
    ['ReserveStock', 'CountStock'],
    ['Placed', 'OrderPlaced'],
    ['', 'OrderPlaced'],
    [undefined, 'OrderPlaced'],
  ])('%s and %s say nothing', (before, after) => {
    expect(wordedOrder(before, after)).toBe(0);
    expect(wordedOrder(after, before)).toBe(0);
  });
});
