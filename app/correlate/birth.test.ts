import { expect, test } from 'vitest';
import { bornBy } from './birth.ts';

test.each([
  ['UserRegistered', 'userId'],
  ['CreateUser', 'userId'],
  ['user.signed_up', 'userId'],
  ['SignUpUser', undefined],
  ['customer.created', 'customerId'],
  ['AccountCredited', undefined],
  ['CustomerProfileUpdated', undefined],
  ['WelcomeMailSent', undefined],
  [' ', undefined],
])('%s brings %s into being', (type, key) => expect(bornBy(type)).toBe(key));
