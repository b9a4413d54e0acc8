import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

/** The live tail, and what all views have in common: the time range, the palette, the panels. */
describe.skipIf(findBrowser() === undefined)('the events and the frame (needs a Chromium)', () => {
  const visit = visitEach();
  const { open, restart } = visit;
  const row = (name: string | RegExp) => visit.page.getByRole('row', { name });
  const rows = () => visit.page.getByRole('grid', { name: 'Events' }).getByRole('row');
  const inspector = () => visit.page.getByRole('region', { name: 'Inspector' });
  const search = () => visit.page.getByRole('searchbox', { name: 'Search' });
  const link = (name: string) =>
    visit.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true });
  const scrollTo = (top: number) =>
    visit.page.locator('.event-scroll').evaluate((box, to) => box.scrollTo(0, to), top);
  const address = (name: string) => new URL(visit.page.url()).searchParams.get(name);

  test('what is recorded appears at the top, and stands still while one reads further down', async () => {
    await open('/events');
    await expectShown(row(/^payment\.requested on payments\.dlx, .*key 12399/));
    visit.engine.grow();
    await expectShown(row(/^OrderPlaced on orders, .*key 900000/));
    await scrollTo(2800);
    // Rows that were on screen before it was scrolled are above it now, until they are taken out.
    let name = '';
    const top = async () => Math.round((await row(name).boundingBox({ timeout: 1_000 }))?.y ?? -1);
    await expect
      .poll(async () => {
        const last = name;
        name = (await rows().nth(20).getAttribute('aria-label')) ?? '';
        return name === last && (await top().catch(() => -1)) > 0;
      })
      .toBe(true);
    const before = await top();
    visit.engine.burst(1204);
    const button = visit.page.getByRole('button', { name: '1,204 new events' });
    await expectShown(button);
    await expectShown(visit.page.getByRole('button', { name: 'Held' }));
    expect(await top()).toBe(before);
    await button.click();
    await expectShown(visit.page.getByRole('button', { name: 'Following' }));
    await expectShown(row(/key 92\d{5}|key 9\d{6}/).first());
    expect(await rows().count()).toBeLessThan(60);
    expect(visit.errors).toEqual([]);
  });

  test('goes back as far as one scrolls, with few rows mounted', async () => {
    await open('/events');
    await expectShown(row(/key 12345/).first());
    // Each time the end is reached, older ones come: until the oldest, of two hours ago.
    await expect
      .poll(
        async () => {
          await scrollTo(1e9);
          return row(/^RowRead on inventory, .*key nightly-7/).count();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    expect(await rows().count()).toBeLessThan(60);
    await scrollTo(0);
    await expectShown(row(/key 12399/).first());
  });

  test('filters while one types, by the grammar of the search, and an address keeps it', async () => {
    await open('/events');
    await expectShown(row(/key 12345/).first());
    await visit.page.keyboard.press('/');
    await visit.page.keyboard.type('channel:shipments type:ShipmentPacked');
    await expectShown(visit.page.getByRole('status').getByText('1 found'));
    await visit.page.reload();
    await expectShown(row(/^ShipmentPacked on shipments/));
    expect(await search().inputValue()).toBe('channel:shipments type:ShipmentPacked');
    await search().fill('status:failed');
    await expectShown(visit.page.getByText('status is of traces'));
  });

  test('applies a cell as filter, from the menu of the cell and by key', async () => {
    await open('/events');
    await row(/^StockReserved on inventory/)
      .first()
      .getByText('inventory')
      .first()
      .click({ button: 'right' });
    await expectShown(visit.page.getByRole('menuitem').first().getByText('channel:inventory'));
    await visit.page.getByRole('menuitem', { name: 'channel:inventory' }).click();
    await visit.page.waitForURL('**q=channel%3Ainventory**');
    await row(/on orders/)
      .first()
      .waitFor({ state: 'detached' });
    await visit.page.keyboard.press('f');
    await visit.page.getByRole('menuitem', { name: /^orderId=12399/ }).waitFor();
    await visit.page.keyboard.press('ArrowDown');
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL('**StockReserved**');
    expect(await search().inputValue()).toBe('channel:inventory type:StockReserved');
  });

  test('the selected event has an address, is inspected, and stays from view to view', async () => {
    await open('/events?q=orderId%3D12345');
    await row(/^payment\.charged on payments/).click();
    await expectShown(inspector().getByRole('heading', { name: 'payment.charged' }));
    expect(address('event')).toBe('order-charged');
    await visit.page.reload();
    await expectShown(inspector().getByRole('heading', { name: 'payment.charged' }));
    expect(await row(/^payment\.charged on payments/).getAttribute('aria-selected')).toBe('true');
    await row(/^payment\.charged on payments/)
      .getByRole('link')
      .click();
    await visit.page.waitForURL('**/traces/order?event=order-charged');
    await expectShown(inspector().getByRole('heading', { name: 'payment.charged' }));
    await link('Events').click();
    await visit.page.waitForURL('**/events?event=order-charged');
    await expectShown(inspector().getByRole('heading', { name: 'payment.charged' }));
  });

  test('the keyboard alone goes through the tail, into a trace and back', async () => {
    const { keyboard } = visit.page;
    await open('/traces');
    await expectShown(row(/^orderId=12345/));
    await keyboard.press('g');
    await keyboard.press('e');
    await expectShown(row(/key 12399/).first());
    await keyboard.press('j');
    await keyboard.press('j');
    await keyboard.press('k');
    await expectShown(inspector().getByRole('heading', { name: 'payment.requested' }));
    expect(address('event')).toBe('dead-dead');
    await keyboard.press('Enter');
    await visit.page.waitForURL('**/traces/dead?event=dead-dead');
    await visit.page.goBack();
    await expectShown(visit.page.getByRole('button', { name: 'Held' }));
    await keyboard.press('Escape');
    await expectShown(visit.page.getByRole('button', { name: 'Following' }));
    await inspector().waitFor({ state: 'detached' });
    await keyboard.press(' ');
    await expectShown(visit.page.getByRole('button', { name: 'Held' }));
    visit.engine.grow();
    await expectShown(visit.page.getByRole('button', { name: /new events$/ }));
    await keyboard.press(' ');
    await expectShown(row(/^OrderPlaced on orders, .*key 900000/));
  });

  test('who holds the list finds it where it was, and Esc lets go of all that holds it', async () => {
    await open('/events');
    await expectShown(row(/key 12345/).first());
    const scroller = visit.page.locator('.event-scroll');
    await scroller.evaluate((box) => box.scrollTo(0, 1400));
    await expectShown(visit.page.getByRole('button', { name: 'Held' }));
    const first = await scroller.getByRole('row').nth(12).getAttribute('data-event');
    await link('Traces').click();
    await visit.page.waitForURL('**/traces');
    visit.engine.grow();
    await link('Events').click();
    await expectShown(visit.page.locator(`[data-event="${first}"]`));
    expect(await scroller.evaluate((box) => box.scrollTop)).toBe(1400);
    await expectShown(visit.page.getByRole('button', { name: /new events$/ }));
    // The pointer rests on the list, and an event is selected: Esc lets go of both.
    await visit.page.mouse.move(500, 300);
    await visit.page.mouse.click(500, 300);
    await expectShown(inspector());
    await visit.page.keyboard.press('Escape');
    await expectShown(visit.page.getByRole('button', { name: 'Following' }));
    await expectShown(row(/^OrderPlaced on orders, .*key 900000/));
  });

  test('a time that is past is not followed, and says so', async () => {
    const [from, to] = [Date.now() - 160_000, Date.now() - 95_000].map((time) =>
      new Date(time).toISOString(),
    );
    await open(`/events?from=${from}&to=${to}`);
    await expectShown(row(/key 200\d{3}/).first());
    await expectShown(visit.page.getByText('Nothing new: the time is past'));
    expect(await visit.page.getByRole('button', { name: 'Following' }).count()).toBe(0);
  });

  test('a bare word that is no key is offered as what it is', async () => {
    await open('/events?q=OrderPlaced');
    await visit.page.getByRole('button', { name: 'type:OrderPlaced' }).click();
    await expectShown(row(/^OrderPlaced on orders/).first());
    await open('/events?q=kafka');
    await expectShown(visit.page.getByRole('button', { name: 'system:kafka' }));
    await open('/events?q=ledger');
    await expectShown(visit.page.getByRole('button', { name: 'channel:ledger' }));
  });

  test('one time range holds in all views, is taken along and survives a reload', async () => {
    await open('/traces');
    await visit.page.getByRole('button', { name: 'Time range: All time' }).click();
    await visit.page.getByRole('button', { name: 'Last 15 min' }).click();
    await visit.page.waitForURL('**/traces?last=15m');
    const found = visit.page.getByRole('status').getByText(/found$/);
    await expectShown(found);
    // Of 1,000 plain traces, one every 1.5 s, some 530 are of the last quarter of an hour.
    const count = Number((await found.innerText()).replaceAll(/\D/g, ''));
    expect(count).toBeGreaterThan(450);
    expect(count).toBeLessThan(600);
    await link('Events').click();
    await visit.page.waitForURL('**/events?last=15m');
    await visit.page.reload();
    await expectShown(visit.page.getByRole('button', { name: 'Time range: Last 15 min' }));
    await expectShown(visit.page.getByRole('region', { name: 'Time' }).getByText('Last 15 min'));
    await open('/events?q=type%3ANever&last=15m');
    await expectShown(
      visit.page.getByRole('heading', {
        name: 'No event that was read matches type:Never in the last 15 min',
      }),
    );
    await expectShown(visit.page.getByText('Orders cluster'));
    await visit.page.getByRole('button', { name: 'Look at all time' }).click();
    await visit.page.waitForURL('**/events?q=type%3ANever');
    expect(visit.errors).toEqual([]);
  });

  test('a time is chosen by hand: in fields, over the bars, and with the handles', async () => {
    await open('/events');
    await visit.page.getByRole('button', { name: /^Time range/ }).click();
    await visit.page.getByLabel('From').fill('2001-01-01T00:00:00');
    await visit.page.getByLabel('To', { exact: true }).fill('2001-01-02T00:00:00');
    await visit.page.getByRole('button', { name: 'Show this time' }).click();
    await expectShown(visit.page.getByRole('heading', { name: /^No event was read from 2001-01-01/ }));
    await visit.page.getByRole('button', { name: 'Look at all time' }).click();
    await expectShown(row(/key 12345/).first());
    const bars = visit.page.locator('.strip-bars');
    const box = await bars.boundingBox();
    if (!box) throw new Error('There are no bars.');
    const at = (part: number) => [box.x + box.width * part, box.y + box.height / 2] as const;
    await visit.page.mouse.move(...at(0.25));
    await visit.page.mouse.down();
    await visit.page.mouse.move(...at(0.5));
    await visit.page.mouse.up();
    await visit.page.waitForURL('**from=**to=**');
    const from = Date.parse(address('from') ?? '');
    await expectShown(row(/key 200\d{3}/).first());
    expect(await row(/key 12345/).count()).toBe(0);
    await visit.page.getByRole('slider', { name: 'Begin of the range' }).focus();
    await visit.page.keyboard.press('PageUp');
    await visit.page.keyboard.press('Enter');
    await expect.poll(() => Date.parse(address('from') ?? '')).toBeGreaterThan(from);
    await visit.page.getByRole('button', { name: 'Show a longer time' }).click();
    await expect.poll(() => Date.parse(address('from') ?? '')).toBeLessThan(from + 60_000);
    expect(visit.errors).toEqual([]);
  });

  test('the palette offers what can be done in the view, and nothing that cannot', async () => {
    const offered = async (): Promise<string[]> => {
      await visit.page.keyboard.press('Control+k');
      await visit.page.getByRole('combobox', { name: 'Command or key' }).waitFor();
      const names = await visit.page.getByRole('option').locator('.ellipsis').allInnerTexts();
      await visit.page.keyboard.press('Escape');
      await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
      return names;
    };
    await open('/map');
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    expect(await offered()).toEqual(
      expect.arrayContaining(['Arrange anew', 'Hold events still', 'Open the live demo', 'Copy link']),
    );
    await open('/traces/order');
    await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
    const inTrace = await offered();
    expect(inTrace).toContain('Show on map');
    expect(inTrace).not.toContain('Arrange anew');
    await open('/connections');
    await expectShown(visit.page.getByRole('article', { name: 'Orders cluster' }));
    expect((await offered()).filter((name) => /time strip|list of links/.test(name))).toEqual([]);
  });

  test('the list of traces says what it is sorted by', async () => {
    await open('/traces');
    await expectShown(row(/^orderId=12345/));
    const sorted = visit.page.locator('[role=columnheader][aria-sort=descending]');
    expect(await sorted.getAttribute('aria-label')).toBe('Last event');
  });

  test('the palette opens traces by their key, goes to views, and does the rest by name', async () => {
    const { keyboard } = visit.page;
    const type = async (text: string): Promise<void> => {
      await keyboard.press('Control+k');
      await visit.page.getByRole('combobox', { name: 'Command or key' }).waitFor();
      await keyboard.type(text);
    };
    await open('/traces');
    await expectShown(row(/^orderId=12345/));
    await type('12345');
    await expectShown(visit.page.getByRole('option', { name: 'Open trace orderId=12345' }));
    await keyboard.press('Enter');
    await visit.page.waitForURL('**/traces/order');
    await type('goev');
    await keyboard.press('Enter');
    await visit.page.waitForURL('**/events');
    await type('15 min');
    await keyboard.press('Enter');
    await visit.page.waitForURL('**/events?last=15m');
    await type('dark');
    await keyboard.press('Enter');
    await expectShown(visit.page.locator('html[data-theme=dark]'));
    await type('keys');
    await keyboard.press('Enter');
    await expectShown(visit.page.getByRole('dialog', { name: 'Keys' }));
    await keyboard.press('Escape');
    await type('add conn');
    await keyboard.press('Enter');
    await visit.page.waitForURL('**/connections/new?last=15m');
    expect(visit.errors).toEqual([]);
  });

  test('panels are as large as one made them, also after a reload', async () => {
    await open('/traces/order?event=order-placed');
    for (const [name, key] of [
      ['Width of the inspector', 'ArrowLeft'],
      ['Height of the list of links', 'ArrowUp'],
      ['Height of the time strip', 'ArrowUp'],
    ] as const) {
      const edge = visit.page.getByRole('separator', { name });
      const before = Number(await edge.getAttribute('aria-valuenow'));
      await edge.press(key);
      await visit.page.reload();
      await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).toBe(before + 16);
    }
    await visit.page.getByRole('region', { name: 'Time' }).getByRole('button', { name: 'All time' }).click();
    await visit.page.reload();
    const toggle = visit.page.getByRole('region', { name: 'Time' }).getByRole('button', { name: 'All time' });
    expect(await toggle.getAttribute('aria-expanded')).toBe('false');
  });

  test('keeps the tail while the engine is away, and follows again when it is back', async () => {
    await open('/events');
    await expectShown(row(/key 12345/).first());
    const { port } = visit.engine;
    await visit.engine.close();
    await expectShown(visit.page.getByText('Lost the engine, reconnecting…'));
    await expectShown(row(/key 12345/).first());
    await restart({ port });
    await visit.page.getByText('Lost the engine, reconnecting…').waitFor({ state: 'detached' });
    visit.engine.grow();
    await expectShown(row(/^OrderPlaced on orders, .*key 900000/));
  });
});
