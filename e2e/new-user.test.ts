import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { eventually } from './support/eventually.ts';
import { startHeadwater, type Headwater } from './support/headwater.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

/** What somebody does who has never seen Headwater, has no broker at hand, and reads nothing. The engine is the real one. */
describe.skipIf(findBrowser() === undefined)('a new user (needs a Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const shown = (what: Locator) => what.first().waitFor();

  async function openPage(url: string): Promise<{ page: Page; errors: readonly string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(url);
    return { page, errors };
  }

  /** All of what happened before: from then on nothing more happens to the stuck order. */
  const historyIsRead = ({ client }: Headwater) =>
    eventually(
      'the history is read',
      () => client.info(),
      (info) => info.events > 3_900,
    );

  /** Finds the order among the traces, also while they are still being read. */
  async function openOrder(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Traces' }).click();
    await page.getByRole('searchbox', { name: 'Search' }).fill('orderId=12345');
    await page.getByRole('row', { name: /^orderId=12345/ }).click();
    await shown(page.getByRole('heading', { name: 'orderId=12345' }));
  }

  const links = (page: Page) => page.getByRole('list', { name: 'Links' });
  /** The open trace in words: its links, with their evidence, in the order in which they are listed. */
  async function traceInWords(page: Page): Promise<readonly string[]> {
    await shown(links(page).getByRole('listitem'));
    const words = await links(page).getByRole('listitem').allInnerTexts();
    // How sure a guess is follows from all that was seen, which goes on while one looks.
    return words.map((text) => text.replace(/\d+ %/, ''));
  }

  test('opens the demo, finds the stuck order on the map, reads its payload, saves a capture, and sees the same in it', async () => {
    const headwater = await temporaryHeadwater();
    const { page, errors } = await openPage(headwater.url);
    await page.getByRole('button', { name: 'Open the live demo' }).click();

    // The picture answers before one reads: something waits before dispatch, and what waits longest is at the top.
    await page.waitForURL('**/map');
    await shown(page.getByRole('link', { name: 'Map' }));
    await historyIsRead(headwater);
    await links(page)
      .getByRole('button', { name: /^shipments is consumed by dispatch: \d+ waiting/ })
      .click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    const waiting = inspector.getByRole('list', { name: 'Waiting' }).getByRole('link');
    // What was just read may be counted a moment later.
    await eventually(
      'the stuck order is at the top',
      () => waiting.first().locator('.visually-hidden').textContent(),
      (name) => name === 'ShipmentCreated on shipments, orderId=12345',
    );
    await waiting.first().click();

    // Its trace, with the event that waits selected and its payload open.
    await shown(page.getByRole('heading', { name: /orderId=12345/ }));
    await shown(inspector.getByRole('heading', { name: 'ShipmentCreated' }));
    await shown(inspector.getByText('12345'));
    await shown(inspector.getByText(/[Pp]ending|handed out/));
    const before = await traceInWords(page);
    expect(before.some((words) => words.includes('proven'))).toBe(true);

    await page.getByRole('button', { name: 'Save capture' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save capture' });
    await dialog.getByLabel('File name').fill('stuck.hwcap');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save capture' }).click();
    const file = join(await temporaryDir(), 'stuck.hwcap');
    await (await download).saveAs(file);

    const second = await startHeadwater(['--port', '0', file]);
    onTestFinished(async () => {
      await second.stop();
    });
    const reopened = await openPage(second.url);
    await openOrder(reopened.page);
    // What its traces teach is known once all of the file is read.
    await expect.poll(() => traceInWords(reopened.page), { timeout: 20_000 }).toEqual(before);
    await reopened.page.getByRole('button', { name: 'ShipmentCreated on shipments' }).click();
    const again = reopened.page.getByRole('region', { name: 'Inspector' });
    await shown(again.getByRole('heading', { name: 'ShipmentCreated' }));
    await shown(again.getByText(/[Pp]ending|handed out/));
    expect([...errors, ...reopened.errors]).toEqual([]);
  });

  test('keeps what is on screen when the engine is killed, says so, and goes on when it is back', async () => {
    const dir = await temporaryDir();
    const port = String(20_000 + (process.pid % 20_000));
    const first = await startHeadwater(['--data', dir, '--port', port]);
    const { page } = await openPage(first.url);
    await page.getByRole('button', { name: 'Open the live demo' }).click();
    await page.waitForURL('**/map');
    await historyIsRead(first);
    await openOrder(page);
    const before = await traceInWords(page);

    await first.kill();
    await shown(page.getByText('Reconnecting'));
    expect(await traceInWords(page)).toEqual(before);

    const again = await startHeadwater(['--data', dir, '--port', port]);
    onTestFinished(async () => {
      await again.stop();
    });
    await shown(page.getByRole('status', { name: 'Engine' }).getByText('Live'));
    expect(await traceInWords(page)).toEqual(before);
    await page.getByRole('button', { name: 'OrderPlaced on orders' }).click();
    await shown(page.getByRole('region', { name: 'Inspector' }).getByText('12345'));
  });
});
