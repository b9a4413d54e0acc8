import type { RawMessage } from '../../model/message.ts';

/** Looks for one value in messages, as a whole token: `1234` is not found in `12345`, but in `order-1234`. */
export interface ValueFinder {
  /** Whether the bytes hold it anywhere, tokens or not: a quick no for whole batches. */
  mayHold(bytes: Buffer): boolean;
  /** Whether key, headers or body hold it. */
  holds(message: RawMessage): boolean;
}

/** The value as UTF-8, and as JSON writes it where that differs. */
export function createValueFinder(value: string): ValueFinder {
  const needles = [...new Set([value, JSON.stringify(value).slice(1, -1)])].map((text) => Buffer.from(text));
  const inBytes = (bytes: Buffer): boolean => needles.some((needle) => findToken(bytes, needle));
  return {
    mayHold: (bytes) => needles.some((needle) => bytes.includes(needle)),
    holds: ({ key, headers, body }) =>
      [key, ...headers.map(([, text]) => text), body].some(
        (part) => part !== undefined && part !== null && inBytes(asBuffer(part)),
      ),
  };
}

/** Whether `needle` stands in `bytes` without a letter or digit that would go on with it on either side. */
export function findToken(bytes: Buffer, needle: Buffer): boolean {
  if (needle.length === 0) return false;
  const startsToken = isTokenByte(needle[0]);
  const endsToken = isTokenByte(needle[needle.length - 1]);
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    const goesOnBefore = startsToken && isTokenByte(bytes[at - 1]);
    const goesOnAfter = endsToken && isTokenByte(bytes[at + needle.length]);
    if (!goesOnBefore && !goesOnAfter) return true;
  }
  return false;
}

/** Letters and digits; every byte of a character beyond ASCII counts as a letter. */
function isTokenByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    byte >= 0x80 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
  );
}

function asBuffer(part: string | Uint8Array): Buffer {
  if (typeof part === 'string') return Buffer.from(part);
  return Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}
