import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { eventually } from './support/eventually.ts';
import { temporaryHeadwater } from './support/temporary.ts';

/** Who uses no mouse gets as far, and always sees where he is. The engine is the real one, and plays the demo. */
describe.skipIf(findBrowser() === undefined)('the keyboard alone (needs a Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** What has the focus, by its name, and whether one sees that it has it. */
  const focus = (page: Page) =>
    page.evaluate(() => {
      const on = document.activeElement;
      if (!on || on === document.body) return { name: 'nothing', seen: false };
      const ringed = on.matches(':focus-visible') && getComputedStyle(on).outlineStyle !== 'none';
      // A field is framed and has a caret; what just opened is where one looks.
      const shows = on.matches('input, [role=dialog], [role=menu], [data-highlighted]');
      const named = on.getAttribute('aria-label') ?? on.querySelector('.visually-hidden')?.textContent;
      return { name: named ?? on.textContent?.trim() ?? '', seen: ringed || shows };
    });

  async function openPage() {
    const { url, client } = await temporaryHeadwater();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(url);
    return { page, client };
  }

  test('opens the demo, finds what waits and why, and comes back', async () => {
    const { page, client } = await openPage();
    const { keyboard } = page;
    const inspector = page.getByRole('region', { name: 'Inspector' });
    const expectFocusSeen = async (after: string): Promise<void> => {
      await expect
        .poll(async () => (await focus(page)).seen, { message: `the focus is seen after: ${after}` })
        .toBe(true);
    };
    /** Tab until something of that name has the focus; each stop on the way is seen. */
    const tabTo = async (name: RegExp, key = 'Tab'): Promise<void> => {
      const passed: string[] = [];
      for (let stops = 0; stops < 90; stops++) {
        const on = await focus(page);
        if (name.test(on.name)) return;
        if (on.name !== 'nothing') expect(on, 'is seen').toMatchObject({ seen: true });
        passed.push(on.name.slice(0, 40));
        await keyboard.press(key);
      }
      throw new Error(`${String(name)} is not reached by ${key}; passed: ${passed.join(' | ')}`);
    };

    await page.getByRole('button', { name: 'Open the live demo' }).waitFor();
    await tabTo(/^Open the live demo$/);
    await keyboard.press('Enter');
    await page.waitForURL('**/map');
    await page.locator('.map-picture[aria-busy=false]').waitFor();
    await expectFocusSeen('the demo opened');

    // From here on nothing more happens to this order.
    await eventually(
      'the history is read',
      () => client.info(),
      ({ events }) => events > 3_900,
    );

    // The edge with what waits, by the list of links; its longest waiting event, and so its trace.
    await page.getByRole('button', { name: /^shipments is consumed by dispatch: \d+ waiting/ }).waitFor();
    await tabTo(/^shipments is consumed by dispatch: \d+ waiting/);
    await keyboard.press('Enter');
    const stuck = /^ShipmentCreated on shipments, orderId=12345$/;
    await inspector.getByRole('link', { name: stuck }).first().waitFor();
    await expectFocusSeen('the edge was selected');
    await tabTo(stuck);
    await keyboard.press('Enter');
    await page.waitForURL(/\/traces\/.+\?event=/);
    await inspector.getByRole('heading', { name: 'ShipmentCreated' }).waitFor();
    await page.locator('.trace-picture[aria-busy=false]').waitFor();
    await expectFocusSeen('its trace opened');

    // The payload, by the tree's own keys.
    await page.getByRole('treeitem').first().waitFor();
    await tabTo(/^\{|^orderId/);
    await keyboard.press('ArrowDown');
    await expectFocusSeen('the payload was entered');

    // Cause, and effect of the cause.
    const cause = inspector.getByRole('link', {
      name: /(?:PickListCreated on inventory|PaymentAuthorized on payments)/,
    });
    const named = (await cause.first().innerText()).includes('PickListCreated')
      ? 'PickListCreated'
      : 'PaymentAuthorized';
    await keyboard.press('[');
    await inspector.getByRole('heading', { name: named }).waitFor();
    await expectFocusSeen('the cause was selected');
    await keyboard.press(']');
    // The first of its effects; there may be others beside the shipment.
    await inspector
      .getByRole('heading', { name: /^(?:ShipmentCreated|NotificationSent|Money\w+)$/ })
      .waitFor();
    await expectFocusSeen('the effect was selected');
    const shipment = inspector.getByRole('heading', { name: 'ShipmentCreated' });
    for (let steps = 0; steps < 15 && !(await shipment.isVisible()); steps++) {
      await keyboard.press('j');
      await expectFocusSeen('the next event was selected');
    }
    await shipment.waitFor();

    // The same event among all events, and those of its kind.
    await keyboard.press('g');
    await keyboard.press('e');
    await page.waitForURL('**/events?event=*');
    await expectFocusSeen('the events were shown');
    await keyboard.press('/');
    await keyboard.type('orderId=12345');
    await page.waitForURL('**q=orderId%3D12345*');
    await page
      .getByRole('status')
      .getByText(/^\d+ found$/)
      .waitFor();
    expect(await focus(page), 'nothing takes the focus away from who types').toMatchObject({
      name: 'Search',
    });
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await expectFocusSeen('the search was left');
    const row = (type: string) => page.getByRole('row', { name: new RegExp(`^${type} on`), selected: true });
    await row('ShipmentCreated').waitFor();
    await keyboard.press('j');
    await row('PickListCreated').waitFor();
    await keyboard.press('k');
    await row('ShipmentCreated').waitFor();
    await keyboard.press('f');
    await page.getByRole('menuitem').first().waitFor();
    await expectFocusSeen('the menu was opened');
    await keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await expectFocusSeen('the menu was closed');

    await tabTo(/^Time range/, 'Shift+Tab');
    await keyboard.press('Enter');
    await page
      .getByRole('button', { name: 'Last 1 h' })
      .or(page.getByRole('button', { name: /hour/ }))
      .first()
      .waitFor();
    await tabTo(/hour|1 h/);
    await keyboard.press('Enter');
    await page.getByRole('button', { name: /^Time range: .*(hour|1 h)/ }).waitFor();
    await expectFocusSeen('a time was chosen');

    await keyboard.press('Control+k');
    await page.locator(':focus[aria-label="Command or key"]').waitFor();
    await keyboard.type('save a cap');
    await page.getByRole('option', { name: 'Save a capture' }).waitFor();
    await keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Save capture' });
    await dialog
      .getByText(/ events/)
      .first()
      .waitFor();
    await expectFocusSeen('the dialog was opened');
    const download = page.waitForEvent('download');
    await tabTo(/^Save capture$/);
    await keyboard.press('Enter');
    await download;
    await dialog.getByText('Saved').waitFor();
    await expectFocusSeen('it was saved');
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectFocusSeen('the dialog was closed');

    await tabTo(/^Use the .*theme$/, 'Shift+Tab');
    const before = await page.evaluate(() => document.documentElement.dataset['theme']);
    await keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).not.toBe(before);
    await expectFocusSeen('the theme was changed');

    await keyboard.press('g');
    await keyboard.press('m');
    await page.waitForURL(/\/map/);
    await page.locator('.map-picture[aria-busy=false]').waitFor();
    await expectFocusSeen('the map was shown again');
    // The browser's own key for it; a browser without a window has none.
    await page.goBack();
    await page.waitForURL(/\/events/);
    await expectFocusSeen('one went back');
  });
});
