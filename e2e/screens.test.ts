import type { Browser, Page, ViewportSize } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import type { Headwater } from './support/headwater.ts';
import { differenceFromKept, stillPicture, tolerated } from './support/pictures.ts';
import { lookedAt, startStillDemo, type StillDemo } from './support/still-demo.ts';
import { temporaryHeadwater } from './support/temporary.ts';

/** A view, and how one gets there. */
interface Screen {
  readonly name: string;
  readonly path: (demo: StillDemo) => string;
  /** Waits until all that belongs to it is there. */
  readonly ready: (page: Page) => Promise<unknown>;
}

/** The size that is designed for, and one that gains content. */
const sizes = { design: { width: 1280, height: 800 }, wide: { width: 1920, height: 1080 } } as const;
/** What is looked at in the wide window too, in one theme: colours are seen in the other one. */
const wide: ReadonlySet<string> = new Set(['map', 'trace', 'events']);

const drawn = (page: Page) => page.locator(':is(.map-picture, .trace-picture)[aria-busy=false]').waitFor();
const inspected = (page: Page, text: RegExp) =>
  page.getByRole('region', { name: 'Inspector' }).getByText(text).first().waitFor();

const screens: readonly Screen[] = [
  { name: 'map', path: () => '/map', ready: drawn },
  {
    name: 'map-trace',
    path: ({ trace }) => `/map?trace=${trace}`,
    ready: async (page) => {
      await drawn(page);
      await page.getByRole('region', { name: 'Trace on the map' }).getByText('12345').waitFor();
    },
  },
  {
    name: 'traces',
    path: () => '/traces',
    ready: (page) =>
      page
        .getByRole('row', { name: /^orderId=/ })
        .first()
        .waitFor(),
  },
  {
    name: 'trace',
    path: ({ trace, shipment }) => `/traces/${trace}?event=${encodeURIComponent(shipment)}`,
    ready: async (page) => {
      await drawn(page);
      await inspected(page, /[Pp]ending|handed out/);
    },
  },
  {
    name: 'events',
    path: () => '/events',
    ready: (page) =>
      page
        .getByRole('row', { name: / on orders, / })
        .first()
        .waitFor(),
  },
  {
    name: 'connections',
    path: () => '/connections',
    ready: (page) => page.getByRole('article', { name: 'Live demo' }).waitFor(),
  },
  {
    name: 'save-capture',
    path: () => '/map',
    ready: async (page) => {
      await drawn(page);
      await page.getByRole('button', { name: 'Save capture' }).click();
      await page
        .getByRole('dialog', { name: 'Save capture' })
        .getByText(/ events/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'palette',
    path: () => '/map',
    ready: async (page) => {
      await drawn(page);
      await page.keyboard.press('Control+k');
      await page.locator(':focus[aria-label="Command or key"]').waitFor();
      await page.keyboard.type('12345');
      await page
        .getByRole('option', { name: /^Open trace/ })
        .first()
        .waitFor();
    },
  },
];

/** What every view looks like, with the live demo behind it: the same events, at the same moment. */
describe.skipIf(findBrowser() === undefined)('the look of the page (needs a Chromium)', () => {
  let browser: Browser;
  let demo: StillDemo;
  beforeAll(async () => {
    [browser, demo] = await Promise.all([openBrowser(), startStillDemo()]);
  });
  afterAll(async () => {
    await browser.close();
    await demo.end();
  });

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    async function openPage(
      { url, origin }: Headwater,
      path: string,
      viewport: ViewportSize = sizes.design,
    ): Promise<Page> {
      const context = await browser.newContext({
        viewport,
        reducedMotion: 'reduce',
        colorScheme,
        timezoneId: 'UTC',
        locale: 'en-GB',
      });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.clock.setFixedTime(lookedAt);
      await page.goto(url);
      await page.goto(origin + path);
      return page;
    }

    const expectAsKept = async (name: string, page: Page): Promise<void> => {
      // By its class: behind a dialog it has no role.
      await page.locator('.top-state', { hasText: 'Live' }).waitFor();
      const strip = page.locator('.strip');
      if ((await strip.count()) > 0)
        await strip
          .getByText(/ events?$/)
          .first()
          .waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      const part = await differenceFromKept(`${name}-${colorScheme}`, await stillPicture(page));
      expect(part, 'part of the picture that differs; see .cache/screens/').toBeLessThanOrEqual(tolerated);
    };

    test('welcome', async () => {
      const page = await openPage(await temporaryHeadwater(), '/');
      await page.getByRole('button', { name: 'Open the live demo' }).waitFor();
      await expectAsKept('welcome', page);
    });

    test.each(screens)('$name', async ({ name, path, ready }) => {
      const page = await openPage(demo.headwater, path(demo));
      await ready(page);
      await expectAsKept(name, page);
    });

    const alsoWide = colorScheme === 'dark' ? screens.filter(({ name }) => wide.has(name)) : [];
    test.each(alsoWide)('$name, wide', async ({ name, path, ready }) => {
      const page = await openPage(demo.headwater, path(demo), sizes.wide);
      await ready(page);
      await expectAsKept(`${name}-wide`, page);
    });
  });
});
