import { maskedText, type Json } from '../model/message.ts';

/** Values that stand for "none" or for a default: they would tie together what has nothing in common. */
const empty = new Set([
  '',
  '0',
  '-1',
  'true',
  'false',
  'yes',
  'no',
  'null',
  'nil',
  'none',
  'undefined',
  'unknown',
  'n/a',
  'na',
  '-',
  '?',
  'default',
  'test',
  'string',
  '00000000-0000-0000-0000-000000000000',
  '00000000000000000000000000000000',
]);

const maxKeyLength = 128;

/**
 * The text of a value that can be a key: short text or a whole number, written as in JSON. Undefined for what cannot
 * tell one thing from another: booleans, floats, objects, long text, place-holders.
 */
export function keyValue(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > maxKeyLength) return undefined;
  const first = value.charCodeAt(0);
  const text = first <= 32 || value.charCodeAt(value.length - 1) <= 32 ? value.trim() : value;
  if (text.length <= 9 ? empty.has(text.toLowerCase()) : text.length >= 32 && empty.has(text))
    return undefined;
  return isTimestamp(text) || text.includes(maskedText) ? undefined : text;
}

/** `2026-03-01T…`: a time is shared by strangers. */
function isTimestamp(text: string): boolean {
  return (
    text.length >= 10 &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    /^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(text)
  );
}

/** A number so small that chance makes strangers share it. */
export function isSmallNumber(value: string): boolean {
  return value.length <= 2 && /^\d+$/.test(value);
}

/**
 * Whether the shape alone says that this is an id, so that the same value under another name is the same thing: letters
 * and digits (`ord-12`, a UUID), digits and separators from six characters on, digits alone from ten on. Shorter numbers
 * are counted up in every table anew.
 */
export function isIdLike(value: string): boolean {
  const { length } = value;
  if (length < 4) return false;
  let digits = 0;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 48 && unit <= 57) digits++;
    else if (unit <= 32) return false;
    else if (digits > 0 && isLetter(unit)) return true;
  }
  if (digits === length) return length >= 10;
  return digits > 0 && (length >= 6 || isLetter(value.charCodeAt(0)));
}

function isLetter(unit: number): boolean {
  return (unit | 32) >= 97 && (unit | 32) <= 122;
}

/** A number of four digits or more: an id of something, although the number alone does not say of what. */
export function isNumberId(value: string): boolean {
  return value.length >= 4 && value.length < 10 && /^\d+$/.test(value);
}
