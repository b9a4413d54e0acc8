import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { expectShown } from './fake-engine/visit.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

const start = Date.UTC(2026, 2, 1, 10);
const orders = 40;

/** Orders that payments answers while its clock is `ahead` ms ahead of the others', as message lines. */
function lines(ahead: number): string {
  const line = (order: number, step: number, by: string, type: string, at: number) => ({
    ...{ kind: 'message', id: `m-${order}-${step}`, system: 'kafka', channel: by, producer: by },
    time: new Date(start + order * 1_003 + at).toISOString(),
    headers: {
      'message-id': `m-${order}-${step}`,
      ...(step > 0 && { 'causation-id': `m-${order}-${step - 1}` }),
    },
    payload: { type, orderId: String(10_000 + order) },
  });
  return Array.from({ length: orders }, (_, order) => {
    const slow = (order * 7) % 40;
    return [
      line(order, 0, 'orders', 'OrderPlaced', 0),
      line(order, 1, 'payments', 'PaymentTaken', 30 + slow + ahead),
      line(order, 2, 'orders', 'OrderConfirmed', 70 + 2 * slow),
    ]
      .map((one) => `${JSON.stringify(one)}\n`)
      .join('');
  }).join('');
}

/** Clocks of machines differ: that is said, proven, and changes no time. The engine is the real one, with a file in it. */
describe.skipIf(findBrowser() === undefined)('clocks that differ (needs a Chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** The trace of an order, in a Headwater into which a file was just opened. */
  async function openOrder(ahead: number): Promise<Page> {
    const file = join(await temporaryDir(), 'orders.ndjson');
    await writeFile(file, lines(ahead));
    const { url } = await temporaryHeadwater();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'UTC' });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Open a file' }).first().waitFor();
    await page.getByLabel('File to open').setInputFiles(file);
    await page.waitForURL('**/traces');
    await page.getByRole('searchbox', { name: 'Search' }).fill('orderId=10007');
    await page.getByRole('row', { name: /^orderId=10007/ }).click();
    await page.locator('.trace-picture[aria-busy=false]').waitFor();
    return page;
  }

  const note = (page: Page) => page.getByRole('region', { name: 'Clocks differ' });

  test('are named in the head of the trace, and shown by two events that the keyboard reaches', async () => {
    const page = await openOrder(-2_000);
    await expectShown(note(page).getByText('payments is 1.9 to 2.1 s behind orders'));
    await expectShown(note(page).getByText('Times are shown as recorded.'));

    await note(page).getByRole('button', { name: 'Why? Clocks differ' }).focus();
    await page.keyboard.press('Enter');
    await expectShown(note(page).getByText('as 40 links prove'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await expectShown(inspector.getByRole('heading', { name: 'PaymentTaken' }));
    // As it was recorded, before what caused it.
    await expectShown(inspector.getByText('2026-03-01 10:00:05.060 +00:00'));
    await note(page).getByRole('link', { name: 'OrderPlaced on orders' }).focus();
    await page.keyboard.press('Enter');
    await expectShown(inspector.getByText('2026-03-01 10:00:07.021 +00:00'));
  });

  test('are the answer to why an event comes before its cause', async () => {
    const page = await openOrder(-2_000);
    await page.getByRole('button', { name: 'Why? OrderPlaced → PaymentTaken' }).click();
    await expectShown(
      page.getByText(
        /^By its time it came 2 s before its cause\. Clocks differ: payments is 1\.9 to 2\.1 s behind orders, as 40 links prove/,
      ),
    );
  });

  test('are not mentioned where they do not', async () => {
    const page = await openOrder(0);
    await expectShown(page.getByRole('listitem').filter({ hasText: 'PaymentTaken' }).first());
    expect(await note(page).count()).toBe(0);
  });
});
