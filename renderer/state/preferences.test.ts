import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPreferences, sizes } from './preferences.ts';
import type { Panel } from './preferences.ts';

test('what was remembered is read back, and anything odd in it is not', () => {
  const arranged = {
    theme: 'dark',
    inspectorWidth: 512,
    linksHeight: 240,
    stripHeight: 160,
    linksOpen: false,
    stripOpen: false,
  };
  expect(readPreferences(JSON.stringify(arranged))).toEqual(arranged);
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(null)), (text) => {
      const read = readPreferences(text);
      expect(['system', 'light', 'dark']).toContain(read.theme);
      for (const [panel, { least, most }] of Object.entries(sizes)) {
        expect(read[panel as Panel]).toBeGreaterThanOrEqual(least);
        expect(read[panel as Panel]).toBeLessThanOrEqual(most);
      }
      expect([typeof read.linksOpen, typeof read.stripOpen]).toEqual(['boolean', 'boolean']);
    }),
  );
});
