import { codeAt } from '../base/code-at.ts';
import { maskedText, type Json } from '../model/message.ts';
import { plainName } from './rules/rule.ts';

/** Values that stand for "none" or for a default: they would tie together what has nothing in common. */
const empty = new Set(
  (
    '-1 true false yes no null nil none undefined unknown unset empty missing invalid anonymous n/a na n.a. tbd todo nan ' +
    'default test string uuid guid id example placeholder changeme [null] (null) (none)'
  ).split(' '),
);
for (const text of ['', '[object object]', 'not set', 'not available']) empty.add(text);

/** `00000000-0000-…`, `----`, `xxxx`, `ffffffff-ffff-…`: one character over and over. */
const blank = /^(?:[0-]+|[x*#.?_-]+|[f-]{16,})$/i;
/** What a template was to fill in: `${orderId}`, `{{id}}`, `<order-id>`, `%s`. */
const unfilled = /^(?:[$#]?\{.*\}|<.*>|%\w?)$/;

const maxKeyLength = 128;

/**
 * The text of a value that can be a key: short text or a whole number, written as in JSON. Undefined for what cannot
 * tell one thing from another: booleans, floats, objects, long text, place-holders, a field's own name.
 *
 * @param field where it stands, by name or path.
 */
export function keyValue(value: Json | undefined, field?: string): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > maxKeyLength) return undefined;
  const first = codeAt(value, 0);
  const text = first <= 32 || codeAt(value, value.length - 1) <= 32 ? value.trim() : value;
  if (isPlaceholder(text)) return undefined;
  if (field !== undefined && isNameOf(text, field)) return undefined;
  return isTimestamp(text) || text.includes(maskedText) ? undefined : text;
}

/** Ids of that kind say nothing, whatever they are the ids of. */
function isPlaceholder(text: string): boolean {
  // Words end in no digit, and most ids do.
  const last = codeAt(text, text.length - 1);
  const isWord = last < 48 || last > 57 || text.length < 3;
  if (isWord && text.length <= 15 && empty.has(text.toLowerCase())) return true;
  const first = codeAt(text, 0);
  // By the first character: 0, f, F, x, X, and what is neither letter nor digit.
  if (first === 48 || first === 102 || first === 70 || first === 120 || first === 88) return blank.test(text);
  return first < 65 && (first < 48 || first > 57)
    ? blank.test(text) || unfilled.test(text)
    : first > 122 && unfilled.test(text);
}

/** `orderId` as the value of `order_id`: somebody forgot to fill it in. */
function isNameOf(text: string, field: string): boolean {
  if ((codeAt(text, text.length - 1) | 32) !== (codeAt(field, field.length - 1) | 32)) return false;
  const start = field.lastIndexOf('.') + 1;
  if (Math.abs(field.length - start - text.length) > 4) return false;
  return plainName(field.slice(start)) === plainName(text);
}

/** A number that is counted up, in every service anew: it tells messages apart only together with whose count it is. */
export function isCount(value: string): boolean {
  return value.length < 10 && /^\d+$/.test(value);
}

/** `2026-03-01T…`: a time is shared by strangers. */
function isTimestamp(text: string): boolean {
  return (
    text.length >= 10 &&
    codeAt(text, 4) === 45 &&
    codeAt(text, 7) === 45 &&
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
    const unit = codeAt(value, i);
    if (unit >= 48 && unit <= 57) digits++;
    else if (unit <= 32) return false;
    else if (digits > 0 && isLetter(unit)) return true;
  }
  if (digits === length) return length >= 10;
  return digits > 0 && (length >= 6 || isLetter(codeAt(value, 0)));
}

function isLetter(unit: number): boolean {
  return (unit | 32) >= 97 && (unit | 32) <= 122;
}

/** A number of four digits or more: an id of something, although the number alone does not say of what. */
export function isNumberId(value: string): boolean {
  return value.length >= 4 && value.length < 10 && /^\d+$/.test(value);
}
