import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { visitEach } from './fake-engine/visit.ts';

/** Saving and opening captures in the page alone, with a made-up engine behind it. */
describe.skipIf(findBrowser() === undefined)('captures in the page (needs a Chromium)', () => {
  const visit = visitEach();
  beforeEach(() => visit.open('/traces'));

  const dialog = () => visit.page.getByRole('dialog', { name: 'Save capture' });
  const open = () => visit.page.getByRole('button', { name: 'Save capture' }).click();
  const save = () => dialog().getByRole('button', { name: 'Save capture' }).click();

  test('says what will be in the file, writes it, and the download starts by itself', async () => {
    await open();
    await dialog().getByText('5,020 events').waitFor();
    await dialog().getByText('Payloads may hold personal data').waitFor();
    await dialog().getByLabel('File name').fill('incident.hwcap');
    await dialog().getByLabel('Mask fields').fill('customer.email');
    const download = visit.page.waitForEvent('download');
    await save();
    await dialog().getByRole('progressbar', { name: 'Writing incident.hwcap' }).waitFor();
    await dialog().getByText('Saved').waitFor();
    const file = await download;
    expect(file.suggestedFilename()).toBe('incident.hwcap');
    expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
    await dialog().getByRole('button', { name: 'Close', exact: true }).last().click();
    await open();
    await dialog().getByLabel('File name').waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('opened from the palette, the next Enter does not close it; and a whole progress says what follows', async () => {
    await visit.page.getByRole('heading', { name: 'Traces' }).waitFor();
    await visit.page.keyboard.press('Control+k');
    await visit.page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await visit.page.keyboard.type('Save capture');
    await visit.page.keyboard.press('Enter');
    await dialog().getByText('5,020 events').waitFor();
    await expect
      .poll(() =>
        dialog()
          .getByLabel('File name')
          .evaluate((it) => it === document.activeElement),
      )
      .toBe(true);
    const download = visit.page.waitForEvent('download');
    await visit.page.keyboard.press('Enter');
    const whole = { has: visit.page.locator('[role=progressbar]:not([aria-valuenow])') };
    await dialog().locator('div', whole).getByText('All 5,020 events written').waitFor();
    await download;
  });

  test('is cancelled from the dialog, and goes on behind it when that is closed', async () => {
    await open();
    await save();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().getByText('Cancelled; nothing was saved.').waitFor();
    const download = visit.page.waitForEvent('download');
    await save();
    await dialog().getByRole('button', { name: 'Go on in the background' }).click();
    await dialog().waitFor({ state: 'detached' });
    await download;
    expect(visit.errors).toEqual([]);
  });

  test('a file that is being read says how much of it is there, and can be stopped', async () => {
    await visit.page.getByText('checkout-outage.hwcap is being read: 40 % of 12,345 events').waitFor();
    await visit.page.getByRole('link', { name: 'Connections' }).click();
    const card = visit.page.getByRole('article', { name: 'checkout-outage.hwcap' });
    await card.getByText('Capture of 12,345 events').waitFor();
    await card.getByRole('progressbar').waitFor();
    await card.getByRole('button', { name: 'Stop reading' }).click();
    await card.getByText('Reading ended after 4,938 events; they stay.').waitFor();
    expect(visit.errors).toEqual([]);
  });

  test('a connection is made with what it masks', async () => {
    await visit.page.goto(`${visit.engine.url}/connections/new`);
    await visit.page.getByLabel('URL').fill('kafka://localhost:9092');
    await visit.page.getByRole('button', { name: 'Mask values' }).click();
    await visit.page.getByLabel('Mask fields').fill('customer.email, *.card');
    await visit.page.getByLabel('Mask headers').fill('authorization');
    await visit.page.getByRole('button', { name: 'Test connection' }).click();
    await visit.page.getByRole('button', { name: 'Connect', exact: true }).click();
    const card = visit.page.getByRole('article', { name: 'Kafka localhost' });
    await card.getByText('customer.email, *.card, authorization').waitFor();
    expect(visit.errors).toEqual([]);
  });
});
