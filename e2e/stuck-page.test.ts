import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

/** A trace of which a consumer has an event in hand, in the page alone. */
describe.skipIf(findBrowser() === undefined)('a stuck trace (needs a Chromium)', () => {
  const visit = visitEach();
  const handed = /^warehouse was handed an event of it at .* ago, and has not acknowledged it\.$/;

  test('is called so in the list, with who keeps it waiting, and is found by its status', async () => {
    await visit.open('/traces?q=status%3Astuck');
    const row = visit.page.getByRole('row', { name: /^orderId=12345, stuck, waits for warehouse, / });
    await expectShown(row);
    await expectShown(row.getByText('Stuck'));
    await expectShown(row.getByTitle(handed));
  });

  test('says in its head and on the map who keeps it waiting', async () => {
    await visit.open('/traces/order');
    const head = visit.page.locator('.trace-header');
    await expectShown(head.getByText('Stuck'));
    await expectShown(head.getByText(/warehouse, handed out/));
    await visit.open('/map?trace=order');
    await expectShown(visit.page.getByTitle(handed).first());
  });

  test('that is quiet is not said to be well', async () => {
    await visit.open('/traces');
    const quiet = visit.page.getByText('Quiet').first();
    await quiet.waitFor();
    expect(await quiet.getAttribute('title')).toBe(
      'No event for 30 s. Whether one is missing is not judged.',
    );
  });
});
