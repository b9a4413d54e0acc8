/** Letters, digits and every byte of a multi-byte character: what a value must not be cut out of. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte >= 0x80
  );
}

/**
 * Whether the bytes contain the value as a whole: `1234` is in `"id":1234,` and in `ORD-1234`, and not in `12345`.
 * Where the value itself begins or ends with punctuation, no boundary is asked for on that side. An empty value is
 * contained in nothing. Looks at bytes only: a character that JSON escapes (`\u00e9`) is not recognised.
 */
export function containsValue(haystack: Uint8Array, needle: Uint8Array): boolean {
  if (needle.length === 0) return false;
  const bytes = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
  const openStart = !isWordByte(needle[0]);
  const openEnd = !isWordByte(needle[needle.length - 1]);
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    const startOk = openStart || !isWordByte(bytes[at - 1]);
    if (startOk && (openEnd || !isWordByte(bytes[at + needle.length]))) return true;
  }
  return false;
}
