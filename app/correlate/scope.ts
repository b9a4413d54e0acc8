import { processRank } from './names.ts';
import { isIdLike, isNumberId } from './values.ts';

/**
 * A value is the same thing under all names if its shape says that it is an id; else only under one name. A plain number
 * is the same thing as an order's id (`orderId`, of any process) and under a name that says of nothing what it is
 * (`reference`, the message key), never as a payment's id and an order's.
 */
export function scopeOf(name: string, value: string): string | undefined {
  if (isIdLike(value)) return undefined;
  const shared = (genericNames.has(name) || isProcessId(name)) && isNumberId(value);
  return shared ? '#' : name;
}

/** A value and its scope as one text: what is the same thing has the same. */
export function tokenKey(name: string, value: string): string {
  return scopedKey(scopeOf(name, value), value);
}

export function scopedKey(scope: string | undefined, value: string): string {
  return scope === undefined ? value : `\0${scope}=${value}`;
}

const genericNames = new Set([
  'reference',
  'key',
  'subject',
  'aggregateId',
  'entityId',
  'externalId',
  'correlationId',
]);

function isProcessId(name: string): boolean {
  return processRank(name) !== undefined;
}
