import { words } from '../base/words.ts';
import { shared } from './entities.ts';

/**
 * What may be a key although nothing is known of its field's name: the shape of the value speaks for it. Whether it is one
 * shows only in many events (key-fields.ts).
 */

/** Values in an event that are taken down as found; more of them say nothing. */
export const maxFound = 8;

/**
 * Last words of names whose values are no keys, whatever they look like: measures, times, places, texts, secrets and
 * machinery. Parties and things that many flows share are in entities.ts.
 */
const never: ReadonlySet<string> = new Set(
  (
    'amount total subtotal sum net gross price cost fee balance quantity qty count size length width height depth weight ' +
    'volume cents points score rating percent rate ratio limit max min average value units stock level priority attempt ' +
    'attempts retries index position page ttl timeout duration elapsed latency ms millis seconds minutes hours days bytes ' +
    'at on time timestamp ts date datetime day week month year age birthday dob expiry expires until since created updated ' +
    'postcode postal zip zipcode phone mobile tel telephone fax email mail street house city state lat lon lng latitude ' +
    'longitude altitude iban bic swift vat iin pan last4 name url uri href link path file filename mime ip mac port host hostname pod container image arn ' +
    'version revision build commit release schema namespace format encoding algorithm locale timezone color colour ' +
    'secret token password passwd signature hash checksum digest etag nonce salt cookie jwt fingerprint certificate auth ' +
    'authorization span thread pid partition offset sequence seq exponent'
  ).split(' '),
);
/** They make a `key` a secret. */
const secretKeys = new Set(['api', 'access', 'secret', 'private', 'public', 'signing', 'encryption']);
const idWords = new Set(['id', 'uuid', 'guid', 'uid', 'no', 'nr', 'num', 'number', 'code']);
/** Said of what an event follows from as often as of what many share. */
const ties = new Set(['parent', 'request', 'key']);

/** The name of a key that may be found in a field of this name: as it is, in camel case. Undefined if it is never one. */
export function foundName(field: string): string | undefined {
  if (field.length > 64 || field === '') return undefined;
  const pieces = words(field);
  const own = pieces.length > 1 && idWords.has(pieces.at(-1) ?? '') ? pieces.slice(0, -1) : pieces;
  const last = own.at(-1);
  if (last === undefined) return undefined;
  // It would be told from the message's own key by nothing.
  if (pieces.length === 1 && last === 'key') return undefined;
  if (!ties.has(last) && (never.has(last) || shared.has(singular(last)))) return undefined;
  if (last === 'key' && own.some((word) => secretKeys.has(word))) return undefined;
  return pieces.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}

/** Whether a name says that its value is somebody's word for something else: `merchantReference`, `basisRef`. */
export function isReferenceName(name: string): boolean {
  return /(?:^r|R)ef(?:erence)?$/.test(name);
}

function singular(word: string): string {
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

/**
 * Whether a value is so much of an id that it may be a key under any name: a UUID or its like, twelve and more letters and
 * digits, or a prefix with a number of four and more digits (`ord-10042`), unless the prefix names what many share.
 */
export function isFoundId(value: string): boolean {
  const { length } = value;
  if (length < 6 || length > 64) return false;
  let digits = 0;
  let letters = 0;
  let prefix = -1;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 48 && unit <= 57) digits++;
    else if ((unit | 32) >= 97 && (unit | 32) <= 122) letters++;
    else if (unit !== 45 && unit !== 95) return false;
    else if (prefix < 0) prefix = i;
  }
  if (digits < 3 || letters === 0 || /^\d{8}T\d{4}/.test(value)) return false;
  if (prefix <= 0) return length >= 12;
  if (isSharedByPrefix(value)) return false;
  return length >= 12 || (digits >= 4 && /^[A-Za-z]+[-_]/.test(value));
}

/** Whether a value says itself that it is what many flows share: `SKU-5`, `node-1`, `customer_1042`. */
export function isSharedByPrefix(value: string): boolean {
  // What stands before the first separator is a word, or the first part of a random id.
  const word = /^[A-Za-z]+(?=[-_])/.exec(value)?.[0];
  return word !== undefined && shared.has(word.toLowerCase());
}

/** Whether chance alone never makes two of them equal: UUID, ULID, KSUID, nanoid, hexadecimal of 24 digits and more. */
export function isRandomId(value: string): boolean {
  if (value.length < 20) return false;
  return uuid.test(value) || (/^[0-9A-Za-z_-]+$/.test(value) && !/^[A-Za-z]*[-_]?\d+$/.test(value));
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A number of four digits and more, but no time since 1970: worth showing, too common to join by itself. */
export function isFoundNumber(value: string): boolean {
  const { length } = value;
  return length >= 4 && length <= 16 && /^[1-9]\d+$/.test(value) && !/^1[5-9]\d{8}(?:\d{3})?$/.test(value);
}
