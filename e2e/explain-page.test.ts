import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

/** "Why?" and "why not?", and what the reader says of links, against a made-up engine. */
describe.skipIf(findBrowser() === undefined)('links explained (needs a Chromium)', () => {
  const visit = visitEach();
  const inspector = () => visit.page.getByRole('region', { name: 'Inspector' });
  const button = (name: string | RegExp) => inspector().getByRole('button', { name });
  const chip = (name: string) => visit.page.getByRole('button', { name, exact: true });
  const section = (name: string) => inspector().getByRole('region', { name, exact: true });
  const status = () => visit.page.locator('.said-note');

  async function openTrace(event: string): Promise<void> {
    await visit.open(`/traces/order?event=${event}`);
    await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
    await expectShown(button('Why is this here?'));
  }

  test('a membership and a link say why, with rule, values and runner-up', async () => {
    await openTrace('order-reserved');
    await button('Why is this here?').click();
    await expectShown(
      inspector().getByText('It carries orderId=12345, as do 13 other events of this trace.'),
    );
    const why = button('Why? StockReservationRequested on inventory');
    await why.focus();
    await visit.page.keyboard.press('Enter');
    await expectShown(section('Caused by').getByText('A guess, at 70 %'));
    for (const text of [
      'Headwater, shared key and time',
      'both: payload orderId',
      'Runner-up:',
      'It lost: it came earlier',
    ])
      await expectShown(section('Caused by').getByText(text, { exact: false }).first());
    expect(await why.getAttribute('aria-expanded')).toBe('true');
    expect(visit.errors).toEqual([]);
  });

  test('a guess that is confirmed is drawn as theirs, and can be taken back', async () => {
    await openTrace('order-reserved');
    expect(await visit.page.locator('.link-edge.yours').count()).toBe(0);
    await button('Confirm: StockReservationRequested on inventory').click();
    await expectShown(status().getByText('You confirmed the link'));
    await expectShown(section('Caused by').getByText('yours: you said so'));
    await expectShown(visit.page.locator('.link-yours', { hasText: 'yours' }));
    await expectShown(
      visit.page.getByRole('button', {
        name: 'StockReservationRequested → StockReserved: yours: you said so',
      }),
    );
    await status().getByRole('button', { name: 'Undo' }).click();
    await expectShown(section('Caused by').getByText('key-and-time, inferred, 70 %'));
    await visit.page.locator('.link-yours').waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('a link that is cut is gone, is remembered where it was, and comes back', async () => {
    await openTrace('order-check');
    const links = visit.page.getByRole('list', { name: 'Links' }).getByRole('listitem');
    expect(await links.count()).toBe(14);
    await button('Cut: OrderPlaced on orders').click();
    await expectShown(section('Caused by').getByText('cut by you: no link'));
    await expect.poll(() => links.count()).toBe(13);
    await button('Undo: OrderPlaced on orders').click();
    await expect.poll(() => links.count()).toBe(14);
    expect(visit.errors).toEqual([]);
  });

  test('from the keyboard: why not, and a link to an event of another trace, which joins the two', async () => {
    await openTrace('order-mail');
    await visit.page.locator('body').press('w');
    const search = inspector().getByRole('combobox', { name: 'Event by type, channel, id or key' });
    await expect.poll(() => search.evaluate((input) => input === document.activeElement)).toBe(true);
    await search.fill('OrderPlaced');
    await expectShown(inspector().getByRole('option', { name: 'OrderPlaced on orders this trace' }));
    await search.fill('orderId=12399');
    await expectShown(inspector().getByRole('option', { name: /FraudCleared on orders/ }));
    await inspector()
      .getByRole('option', { name: /FraudCleared on orders/ })
      .hover();
    await visit.page.keyboard.press('Enter');
    const pair = section('Two events');
    await expectShown(pair.getByText('is not linked to'));
    await expectShown(pair.getByText('They are in no trace together', { exact: false }));
    await pair.getByRole('button', { name: /^Link: CustomerNotified caused FraudCleared/ }).press('Enter');
    await expectShown(pair.getByText('caused', { exact: true }));
    await expectShown(status().getByText('You linked CustomerNotified → FraudCleared.'));
    await expect.poll(() => visit.page.locator('.react-flow__node').count()).toBe(21);
    await pair.getByRole('heading').focus();
    await visit.page.keyboard.press('Escape');
    await pair.waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('a click with Shift, or Enter while choosing, takes the second event from the canvas', async () => {
    await openTrace('order-placed');
    await chip('FraudCleared on orders').click({ modifiers: ['Shift'] });
    await expectShown(section('Two events').getByText('is not linked to'));
    expect(new URL(visit.page.url()).searchParams.get('event')).toBe('order-placed');
    await expectShown(visit.page.locator('.react-flow__node.paired'));
    await button('Look at one event again').click();
    await button('Link to…, or why not?').click();
    await chip('FraudCheckRequested on orders').focus();
    await visit.page.keyboard.press('Enter');
    await expectShown(section('Two events').getByText('caused', { exact: true }));
    await expectShown(section('Two events').getByText('Proven:', { exact: false }));
    expect(visit.errors).toEqual([]);
  });

  test('an edge keeps its words open on a click, with the same to ask and to say', async () => {
    await openTrace('order-placed');
    const at = await visit.page
      .locator('.link-edge.proven .react-flow__edge-interaction')
      .first()
      .evaluate((path: SVGPathElement) => {
        const middle = path.getPointAtLength(path.getTotalLength() / 2);
        const matrix = path.getScreenCTM();
        return {
          x: middle.x * (matrix?.a ?? 1) + (matrix?.e ?? 0),
          y: middle.y * (matrix?.d ?? 1) + (matrix?.f ?? 0),
        };
      });
    await visit.page.mouse.click(at.x, at.y);
    const words = visit.page.locator('.link-label.pinned');
    await words.getByRole('button', { name: /^Why\?/ }).click();
    await expectShown(words.getByText('Proven:', { exact: false }));
    await words.getByRole('button', { name: 'Close' }).click();
    await words.waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('what cannot be answered or kept says so, and what to do', async () => {
    await openTrace('order-charged');
    await button('Cut: MoneyDeposited on ledger').click();
    await expectShown(status().getByText('The store cannot be written.'));
    await expectShown(status().getByText('Free some space.'));
    await chip('MoneyWithdrawn on ledger').click({ modifiers: ['Shift'] });
    await expectShown(section('Two events').getByText('One of the two events is not in the store.'));
    await section('Two events').getByRole('button', { name: 'Choose another' }).click();
    await inspector().getByRole('combobox').fill('orderId=nowhere');
    await expectShown(inspector().getByText('No event is called so here, and none elsewhere carries it.'));
    expect(visit.errors).toEqual([]);
  });
});
