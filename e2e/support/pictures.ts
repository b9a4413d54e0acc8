import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const root = join(import.meta.dirname, '..', '..');
const kept = join(root, 'e2e', 'screens');
/** Where what was seen, and how it differs, can be looked at after a failure. */
const seen = join(root, '.cache', 'screens');

/** Other machines draw letters a little differently; something that moved or went differs by more. */
export const tolerated = 0.015;

/** Takes pictures until two that follow each other are the same. */
export async function stillPicture(page: Page): Promise<PNG> {
  await page.evaluate(() => document.fonts.ready);
  const take = () => page.screenshot({ animations: 'disabled', caret: 'hide' });
  let before = await take();
  for (let tries = 0; tries < 50; tries++) {
    const now = await take();
    if (now.equals(before)) return PNG.sync.read(now);
    before = now;
  }
  throw new Error('The page does not come to rest.');
}

/** Eight bits a colour, no alpha, packed as well as it goes. */
const packPicture = (picture: PNG): Buffer =>
  PNG.sync.write(picture, { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 });

/** Which part of a picture differs from the one that is kept; with UPDATE_SCREENS=1 it is kept instead. */
export async function differenceFromKept(name: string, actual: PNG): Promise<number> {
  const file = join(kept, `${name}.png`);
  if (process.env['UPDATE_SCREENS'] === '1') {
    await writeFile(file, packPicture(actual));
    return 0;
  }
  const expected = PNG.sync.read(await readFile(file));
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height) return 1;
  const difference = new PNG({ width, height });
  const pixels = pixelmatch(expected.data, actual.data, difference.data, width, height);
  const part = pixels / (width * height);
  if (part > tolerated) {
    await mkdir(seen, { recursive: true });
    await writeFile(join(seen, `${name}.actual.png`), packPicture(actual));
    await writeFile(join(seen, `${name}.difference.png`), packPicture(difference));
  }
  return part;
}
