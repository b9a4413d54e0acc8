/** Bytes shown in a row of a hex dump. */
export const bytesPerRow = 8;

/** Bytes of base64 text; what is none of base64 is left out. Never throws. */
export function fromBase64(text: string): Uint8Array {
  const clean = text.replaceAll(/[^A-Za-z0-9+/]/g, '');
  // A single character left over holds less than a byte.
  const usable = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  return Uint8Array.from(atob(usable), (character) => character.codePointAt(0) ?? 0);
}

/** One row: where it begins, its bytes, and what of them can be read. */
export function hexRow(bytes: Uint8Array, row: number): { offset: string; hex: string; text: string } {
  const part = bytes.subarray(row * bytesPerRow, (row + 1) * bytesPerRow);
  const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0'));
  const text = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '·'));
  return {
    offset: (row * bytesPerRow).toString(16).padStart(6, '0'),
    hex: hex.join(' ').padEnd(bytesPerRow * 3 - 1),
    text: text.join(''),
  };
}
