import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectorLimits, readPreferences } from './preferences.ts';

test('what was remembered is read back, and anything odd in it is not', () => {
  expect(readPreferences('{"theme":"dark","inspectorWidth":512,"linksOpen":false}')).toEqual({
    theme: 'dark',
    inspectorWidth: 512,
    linksOpen: false,
  });
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant(null)), (text) => {
      const { theme, inspectorWidth, linksOpen } = readPreferences(text);
      expect(['system', 'light', 'dark']).toContain(theme);
      expect(inspectorWidth).toBeGreaterThanOrEqual(inspectorLimits.least);
      expect(inspectorWidth).toBeLessThanOrEqual(inspectorLimits.most);
      expect(typeof linksOpen).toBe('boolean');
    }),
  );
});
