import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

describe.skipIf(findBrowser() === undefined)('the view of keys (needs a Chromium)', () => {
  const visit = visitEach();
  const { open, restart } = visit;
  const row = (name: string) => visit.page.getByRole('listitem', { name });
  const part = (name: string) => visit.page.getByRole('region', { name, exact: true });

  test('says what ties events, what is shared, and which names are one key', async () => {
    await open('/traces');
    await visit.page.getByRole('link', { name: 'Keys', exact: true }).click();
    await expectShown(row('orderId, Key').getByText('4,210 values tie 2 channels'));
    await expectShown(visit.page.getByText('orderId = message key = reference = aggregateId'));
    await expectShown(visit.page.getByText('1,204 values in common'));
    await expectShown(part('Unsure').getByText('PO-20077'));
    await expectShown(
      part('Tie nothing').getByText('12 of 12 values come again and again in events of one kind'),
    );
    expect(await visit.page.title()).toBe('Keys · Headwater');
    await row('orderId, Key').getByRole('link', { name: '12345' }).click();
    await expectShown(visit.page.getByRole('row', { name: /^orderId=12345/ }));
    expect(visit.errors).toEqual([]);
  });

  test('is filtered by name, channel and value', async () => {
    await open('/keys');
    await visit.page.getByLabel('Filter keys').fill('purchasing');
    await expectShown(row('po, Unsure'));
    expect(await row('orderId, Key').count()).toBe(0);
    await visit.page.getByLabel('Filter keys').fill('nothing holds this');
    await visit.page.getByRole('button', { name: 'Show all keys' }).click();
    await expectShown(row('orderId, Key'));
  });

  test('what the reader says holds at once, and is taken back', async () => {
    await open('/keys');
    await row('installation, Shared').getByRole('button', { name: 'Accept installation' }).click();
    await expectShown(part('Tie events').getByText('Accepted by you'));
    await row('installation, Accepted by you').getByRole('button', { name: 'Undo installation' }).click();
    await expectShown(row('installation, Shared'));
  });

  test('is used by keyboard alone', async () => {
    await open('/traces');
    await expectShown(visit.page.getByRole('row', { name: /^orderId=12345/ }));
    await visit.page.keyboard.press('g');
    await visit.page.keyboard.press('k');
    await expectShown(row('orderId, Key'));
    await visit.page.keyboard.press('j');
    await visit.page.keyboard.press('j');
    await expectShown(visit.page.locator('.key-line.current[aria-label^="message key"]'));
    await visit.page.keyboard.press('x');
    await expectShown(row('message key, Rejected by you'));
    await visit.page.keyboard.press('u');
    await expectShown(row('message key, Key'));
  });

  test('nothing recorded, and more than anybody reads', async () => {
    await restart({ empty: true });
    await open('/keys');
    await expectShown(visit.page.getByRole('heading', { name: 'No key yet' }));
    await restart({ keys: 900 });
    await open('/keys');
    await expectShown(row('field0Id, Key'));
    await visit.page.getByRole('button', { name: 'Show more of 900 keys' }).click();
    await expectShown(row('field599Id, Key'));
  });
});
