import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesPerRow, fromBase64, hexRow } from './hex.ts';

test('a hex dump shows every byte, in order', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const read = fromBase64(Buffer.from(bytes).toString('base64'));
      expect([...read]).toEqual([...bytes]);
      const rows = Array.from({ length: Math.ceil(read.length / bytesPerRow) }, (_, row) =>
        hexRow(read, row),
      );
      const shown = rows.flatMap(({ hex }) => hex.trim().split(' ').filter(Boolean));
      expect(shown.map((pair) => Number.parseInt(pair, 16))).toEqual([...bytes]);
    }),
  );
});

test('what is not base64 does no harm', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(fromBase64(text)).toBeInstanceOf(Uint8Array);
    }),
  );
});
