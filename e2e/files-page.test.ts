import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

/** Files that are opened in the page alone: read, damaged, several at once; a made-up engine behind it. */
describe.skipIf(findBrowser() === undefined)('files in the page (needs a Chromium)', () => {
  const visit = visitEach({}, { empty: true });
  const file = (name: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from('{}\n') });
  const pick = async (...names: string[]): Promise<void> => {
    await visit.page.getByRole('button', { name: 'Open a file' }).first().waitFor();
    await visit.page.getByLabel('File to open').setInputFiles(names.map(file));
  };
  const failure = () => visit.page.getByText('damaged.hwcap is not a whole capture file');
  const view = (name: string) =>
    visit.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();

  test('one that is damaged says why on every view, and what to do', async () => {
    await visit.open('/');
    await pick('damaged.hwcap');
    await visit.page.waitForURL('**/traces');
    await failure().waitFor();
    await expectShown(visit.page.getByText('Open a .hwcap capture or a file of message lines (.ndjson).'));
    await visit.page.getByRole('heading', { name: 'Nothing was read' }).waitFor();
    for (const name of ['Map', 'Events']) {
      await view(name);
      await visit.page.getByRole('heading', { name, exact: true }).waitFor();
      await failure().waitFor();
    }
    await view('Connections');
    const card = visit.page.getByRole('article', { name: 'damaged.hwcap' });
    await card.getByText('A capture. Nothing of it was read.').waitFor();
    expect(await failure().count()).toBe(1);
    await view('Traces');
    await visit.page.getByRole('button', { name: 'Dismiss' }).click();
    await failure().waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('a capture shows its traces at once, and that they are still being read', async () => {
    await visit.open('/');
    await pick('large.hwcap');
    await expectShown(visit.page.getByText('large.hwcap is being read: 0 % of 40,000 events'));
    const announced = visit.page.getByRole('grid', { name: 'Traces that the capture says it holds' });
    await announced.getByRole('row').nth(5).waitFor();
    await expectShown(visit.page.getByText('Its 8,000 traces are known from what it says of itself'));
    expect(await visit.page.getByText('Waiting for the first event').count()).toBe(0);
    await view('Events');
    await visit.page.getByRole('heading', { name: 'Reading large.hwcap' }).waitFor();
    await view('Traces');
    await announced.getByRole('link').first().click();
    await visit.page.waitForURL(/q=orderId/);
    expect(visit.errors).toEqual([]);
  });

  test('several are opened one after the other, and each that cannot be says so', async () => {
    await visit.open('/');
    await pick('one.ndjson', 'letter.txt', 'two.ndjson', 'song.mp3');
    await visit.page.waitForURL('**/traces');
    await expectShown(visit.page.getByText('letter.txt is neither a capture nor message lines.'));
    await expectShown(visit.page.getByText('song.mp3 is neither a capture nor message lines.'));
    await expectShown(visit.page.getByText('2 files not opened'));
    await view('Connections');
    for (const name of ['one.ndjson', 'two.ndjson'])
      await expectShown(visit.page.getByRole('article', { name }).getByText('Read to its end'));
  });

  test('several that are dropped are all opened', async () => {
    await visit.open('/connections');
    await visit.page.getByRole('button', { name: 'Open a file' }).first().waitFor();
    const dropped = await visit.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      for (const name of ['one.ndjson', 'two.ndjson']) transfer.items.add(new File(['{}\n'], name));
      return transfer;
    });
    await visit.page.dispatchEvent('.app', 'drop', { dataTransfer: dropped });
    await visit.page.waitForURL('**/traces');
    await view('Connections');
    for (const name of ['one.ndjson', 'two.ndjson'])
      await expectShown(visit.page.getByRole('article', { name }));
  });

  test('a connection is not called live while the engine is away', async () => {
    await visit.restart({ empty: false });
    await visit.open('/connections');
    const card = visit.page.getByRole('article', { name: 'Orders cluster' });
    await expectShown(card.getByText('Live', { exact: true }));
    await visit.restart({ empty: false }, () => card.getByText('Not known').waitFor());
    await expectShown(card.getByText('Live', { exact: true }));
  });
});
