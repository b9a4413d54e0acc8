import { expect, test } from 'vitest';
import { namesakeOf, participantName } from './participant-name.ts';

const all = ['storefront', 'payments', 'shipping', 'shop ledger', 'notifications'];

test('a channel is taken to be named after the participant whose word it is formed from', () => {
  expect(namesakeOf('shop.ledger', all, [])).toBe('shop ledger');
  expect(namesakeOf('notifications.email', all, [])).toBe('notifications');
  expect(namesakeOf('shipments', all, ['dispatch'])).toBe('shipping');
  expect(namesakeOf('bookings', [participantName('booking-service')], [])).toBe('booking');
});

test('nobody is named where two might be, where the one reads it, or where too little is left to compare', () => {
  expect(namesakeOf('shipments', [...all, 'shipper'], [])).toBeUndefined();
  expect(namesakeOf('shipments', all, ['shipping'])).toBeUndefined();
  expect(namesakeOf('inventory', all, [])).toBeUndefined();
  expect(namesakeOf('cars', ['caring'], [])).toBeUndefined();
});
