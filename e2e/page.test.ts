import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

/** The page alone, in a real browser, with a made-up engine behind it. */
describe.skipIf(findBrowser() === undefined)('the page (needs a Chromium)', () => {
  const visit = visitEach({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { open, restart } = visit;
  const row = (key: string) => visit.page.getByRole('row', { name: new RegExp(`^${key}`) });
  const chip = (name: string) => visit.page.getByRole('button', { name, exact: true });
  const inspector = () => visit.page.getByRole('region', { name: 'Inspector' });
  test('welcomes who has nothing yet, and shows no link to what does not exist', async () => {
    await restart({ empty: true });
    await open('/');
    await expectShown(visit.page.getByRole('button', { name: 'Connect to a broker' }));
    await expectShown(visit.page.getByRole('button', { name: 'Open a file' }));
    const links = visit.page.getByRole('navigation', { name: 'Views' }).getByRole('listitem');
    expect(await links.allInnerTexts()).toEqual(['Map', 'Traces', 'Events', 'Keys', 'Connections']);
    expect(visit.errors).toEqual([]);
  });

  test('opens the live demo first, says that it is no broker, and opens the same one again', async () => {
    await restart({ empty: true });
    await open('/');
    const start = visit.page.getByRole('button', { name: 'Open the live demo' });
    await expectShown(start);
    expect(await visit.page.locator('.start-buttons').getByRole('button').first().innerText()).toBe(
      'Open the live demo',
    );
    await start.click();
    await visit.page.waitForURL((url) => url.pathname !== '/');
    await visit.page.goto(`${visit.engine.url}/connections`);
    const card = visit.page.getByRole('article', { name: 'Live demo' });
    await expectShown(card.getByText('This is a demo, not a broker'));
    await expectShown(card.getByRole('img', { name: 'Demo' }));
    await card.getByRole('button', { name: 'Disconnect' }).click();
    await expectShown(card.getByText('Disconnected'));
    await open('/traces');
    await start.click();
    await visit.page.goto(`${visit.engine.url}/connections`);
    await expectShown(card.getByText('Live', { exact: true }));
    expect(await visit.page.getByRole('article').count()).toBe(1);
    await visit.page.goto(`${visit.engine.url}/connections/new`);
    await expectShown(visit.page.getByRole('button', { name: /Kafka/ }));
    expect(await visit.page.getByRole('group', { name: 'Examples' }).getByText('demo:').count()).toBe(0);
    expect(visit.errors).toEqual([]);
  });

  test('finds an order by its number, from the keyboard alone, and goes through it', async () => {
    await open('/traces');
    await expectShown(row('orderId=12345'));
    await visit.page.keyboard.press('/');
    await visit.page.keyboard.type('12345');
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL('**/traces/order');
    await expectShown(chip('OrderPlaced on orders'));
    await visit.page.locator('body').click({ position: { x: 5, y: 700 } });
    await visit.page.keyboard.press('j');
    await expectShown(inspector().getByRole('heading', { name: 'OrderPlaced' }));
    await visit.page.keyboard.press(']');
    await expectShown(inspector().getByRole('heading', { name: 'FraudCheckRequested' }));
    await visit.page.keyboard.press('[');
    await expectShown(inspector().getByRole('heading', { name: 'OrderPlaced' }));
    expect(new URL(visit.page.url()).searchParams.get('event')).toBe('order-placed');
    await visit.page.keyboard.press('.');
    await inspector().waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('shows a trace over three brokers: chips in causal order, links with their evidence', async () => {
    await open('/traces/order');
    await expectShown(chip('OrderPlaced on orders'));
    const names = await visit.page
      .locator('.react-flow__node')
      .evaluateAll((nodes) => nodes.map((node) => node.querySelector('.visually-hidden')?.textContent ?? ''));
    expect(names).toHaveLength(14);
    expect(names.indexOf('payment.requested on payments')).toBeLessThan(
      names.indexOf('payment.charged on payments'),
    );
    const links = visit.page.getByRole('list', { name: 'Links' }).getByRole('listitem');
    expect(await links.count()).toBe(14);
    const guessed = visit.page.getByRole('button', {
      name: 'StockReservationRequested → StockReserved: key-and-time, inferred, 70 %',
    });
    await guessed.focus();
    await expectShown(visit.page.locator('.link-label', { hasText: 'inventory consumes' }));
    expect(await visit.page.locator('.link-edge.inferred').count()).toBe(6);
    expect(await visit.page.locator('.link-edge.proven').count()).toBe(8);
  });

  test('a trace fits its picture when the Inspector opens and the window changes, and no names overlap', async () => {
    await open('/traces/order');
    await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
    await chip('OrderPlaced on orders').click();
    await expectShown(inspector().getByRole('heading', { name: 'OrderPlaced' }));
    const beside = () =>
      visit.page.evaluate(() => {
        const names = document.querySelector('.lane-names')?.getBoundingClientRect().right ?? Infinity;
        const picture = document.querySelector('.trace-canvas')?.getBoundingClientRect();
        const boxes = [...document.querySelectorAll('.react-flow__node')].map((n) =>
          n.getBoundingClientRect(),
        );
        const left = Math.min(...boxes.map((box) => box.left));
        const right = Math.max(...boxes.map((box) => box.right));
        return {
          hidden: left < names,
          cut: right > (picture?.right ?? 0),
          scale: Number(
            /scale\(([\d.]+)\)/.exec(
              document.querySelector<HTMLElement>('.react-flow__viewport')?.style.transform ?? '',
            )?.[1],
          ),
        };
      });
    expect((await beside()).hidden).toBe(false);
    // Wide enough for all of it.
    await visit.page.setViewportSize({ width: 3200, height: 1200 });
    await expect.poll(async () => (await beside()).scale).toBeGreaterThan(0.95);
    expect(await beside()).toMatchObject({ hidden: false, cut: false });
    await visit.page.setViewportSize({ width: 600, height: 800 });
    const overlaps = await visit.page.locator('.trace-header').evaluate((header) => {
      const parts = [...header.querySelectorAll('.trace-title > *, .trace-facts > *')];
      const boxes = parts.map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
      return boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .filter(
            (b) =>
              a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
          ),
      ).length;
    });
    expect(overlaps).toBe(0);
  });

  test('a trace grows while it is looked at, and what is there stays where it is', async () => {
    await open('/traces/growing');
    await expectShown(chip('StockReserved on inventory'));
    const places = () =>
      visit.page
        .locator('.react-flow__node')
        .evaluateAll((nodes) =>
          nodes.map(
            (node) =>
              [
                node.querySelector('.visually-hidden')?.textContent,
                getComputedStyle(node).transform,
              ] as const,
          ),
        );
    // A first draft may come before the worker's layout.
    await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
    const before = await places();
    visit.engine.extend();
    await expectShown(chip('payment.requested on payments'));
    visit.engine.extend();
    await expectShown(chip('payment.charged on payments'));
    const after = new Map(await places());
    expect(after.size).toBe(7);
    for (const [name, place] of before) expect(after.get(name)).toBe(place);
  });

  test('an address can be reloaded, with the event that was selected', async () => {
    await open('/traces/order?event=order-payreq');
    await expectShown(inspector().getByText('redelivered', { exact: false }).first());
    await visit.page.reload();
    await expectShown(inspector().getByRole('heading', { name: 'payment.requested' }));
    await open('/traces?q=orderId%3D12399');
    await expectShown(row('orderId=12399'));
    expect(await visit.page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('orderId=12399');
  });

  test('the address follows a trace that became part of another', async () => {
    await open('/traces/merged');
    await visit.page.waitForURL('**/traces/order');
    await expectShown(chip('OrderPlaced on orders'));
  });

  test('shows payloads of every kind, and nothing in them does harm', async () => {
    await open('/traces/odd?event=odd-proto');
    await expectShown(inspector().getByRole('treeitem', { name: /12345678901234567890/ }));
    await expectShown(inspector().getByText('"<script>alert(1)</script>"'));
    expect(await visit.page.evaluate(() => ({}))).toEqual({});
    await chip('Deep on orders').click();
    await inspector().getByRole('button', { name: 'Open all' }).click();
    await inspector().getByRole('tree').press('End');
    await expectShown(inspector().getByText('level 10,000'));
    await chip('Large on orders').click();
    await expectShown(inspector().getByText('65,536 of 4,938,900 characters'));
    await inspector().getByRole('button', { name: 'Show more' }).click();
    await expectShown(inspector().getByText('131,072 of 4,938,900 characters'));
    await chip('Binary on orders').click();
    await expectShown(inspector().getByText('00 07 0e 15 1c 23 2a 31'));
    await chip('Empty on orders').click();
    await expectShown(inspector().getByText('The payload is empty'));
    expect(visit.errors).toEqual([]);
  });

  test('copies a payload as it was sent, and shows it raw', async () => {
    await open('/traces/order?event=order-placed');
    await inspector().getByRole('button', { name: 'Copy payload' }).click();
    const copied = await visit.page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ orderId: '12345' });
    await inspector().getByRole('tab', { name: 'Raw' }).click();
    await expectShown(inspector().locator('.cm-content', { hasText: 'Lovelace' }));
    expect(visit.errors).toEqual([]);
  });

  test('scrolls through many traces with few rows mounted', async () => {
    await restart({ traces: 100_000 });
    await open('/traces');
    await expectShown(row('orderId=12345'));
    expect(await visit.page.getByRole('row').count()).toBeLessThan(60);
    await visit.page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 50_000 * 32));
    await expectShown(row('orderId=249').first());
    expect(await visit.page.getByRole('row').count()).toBeLessThan(60);
  });

  test('new traces appear by themselves at the top, and wait while one reads further down', async () => {
    await open('/traces');
    await expectShown(row('orderId=12345'));
    const first = visit.engine.grow();
    await expectShown(row(`orderId=${first}`));
    await visit.page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 3200));
    const read = row('orderId=200096');
    await expectShown(read);
    const top = async () => Math.round((await read.boundingBox())?.y ?? -1);
    const before = await top();
    const second = visit.engine.grow();
    await expectShown(visit.page.getByRole('button', { name: '1 new trace' }));
    expect(await top()).toBe(before);
    await visit.page.getByRole('button', { name: '1 new trace' }).click();
    await visit.page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 0));
    await expectShown(row(`orderId=${second}`));
  });

  test('a search that finds nothing says what was read, and looks further back', async () => {
    await open('/traces?q=orderId%3D777');
    await expectShown(
      visit.page.getByRole('heading', { name: 'No trace carries orderId=777 in what was read' }),
    );
    await expectShown(visit.page.getByText('only what came since it was connected').first());
    await visit.page.getByRole('button', { name: 'Look further back' }).click();
    await expectShown(visit.page.getByRole('progressbar').first());
    await visit.page
      .getByRole('article', { name: 'Looking back for orderId=777' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await expectShown(visit.page.getByText('Cancelled'));
  });

  test('a look-back that finds something keeps saying what was searched', async () => {
    await open('/traces?q=orderId%3D888');
    await visit.page.getByRole('button', { name: 'Look further back' }).click();
    const running = visit.page.getByRole('article', { name: 'Looking back for orderId=888' });
    await expectShown(running.getByText('Orders cluster'));
    const partition = running.getByText('partition 3', { exact: true });
    expect(await partition.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    await expectShown(row('orderId=888'));
    const summary = visit.page.getByRole('article', { name: 'Looked back for orderId=888' });
    await expectShown(
      summary.getByText(
        /^Searched orders\/3, shipments since .*: 240,000 records, 6 found\. .*Payments.* no past\.$/,
      ),
    );
    await summary.getByRole('button', { name: 'Put away' }).click();
    await summary.waitFor({ state: 'detached' });
    await expectShown(row('orderId=888'));
  });

  test('files can be opened when something is recorded, and all alerts be read', async () => {
    await open('/connections');
    const file = { name: 'late.ndjson', mimeType: 'application/json', buffer: Buffer.from('{}\n') };
    await expectShown(visit.page.getByRole('button', { name: 'Open a file' }));
    await visit.page.getByLabel('File to open').setInputFiles(file);
    await visit.page.waitForURL('**/traces');
    await open('/connections');
    const alerts = visit.page
      .getByRole('article', { name: 'incident-0412.ndjson' })
      .getByRole('list', { name: 'Alerts' });
    await expectShown(alerts.getByRole('button', { name: '3 older alerts' }));
    expect(await alerts.getByRole('listitem').count()).toBe(6);
    await alerts.getByRole('button', { name: '3 older alerts' }).click();
    await expectShown(alerts.getByText('line 1: not valid JSON; skipped'));
  });

  test('connects: a pasted password leaves the field, and side effects come before they happen', async () => {
    await open('/connections/new');
    const url = visit.page.getByLabel('URL');
    await url.fill('amqp://reader:s%40cret@localhost:5672/');
    expect(await url.inputValue()).toBe('amqp://reader@localhost:5672/');
    expect(await visit.page.getByLabel('Password').inputValue()).toBe('s@cret');
    expect(await visit.page.getByLabel('Name').inputValue()).toBe('RabbitMQ localhost');
    await visit.page.getByRole('button', { name: 'Test connection' }).click();
    await expectShown(visit.page.getByText('Create one exclusive, auto-deleted queue'));
    await expectShown(visit.page.getByRole('checkbox', { name: /amq\.topic/ }));
    await visit.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expectShown(visit.page.getByRole('article', { name: 'RabbitMQ localhost' }));
    expect(await visit.page.content()).not.toContain('cret');
    expect(visit.errors).toEqual([]);
  });

  test('pressing Connect at once shows what it would change before it does', async () => {
    await open('/connections/new');
    await visit.page.getByLabel('URL').fill('amqp://localhost:5672/');
    await visit.page.getByRole('button', { name: 'Connect', exact: true }).click();
    // It stands beside the button, in view however long the list above is.
    const held = visit.page.getByRole('alert').filter({ hasText: 'Press Connect again to go ahead' });
    await expectShown(held);
    const box = await held.boundingBox();
    expect((box?.y ?? 800) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
    await expectShown(visit.page.getByText('Create one exclusive, auto-deleted queue'));
    await visit.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await visit.page.waitForURL('**/connections');
  });

  test('one press connects where nothing would change, and a broker may be empty', async () => {
    await open('/connections/new');
    await visit.page.getByLabel('URL').fill('kafka://empty:9092');
    await visit.page.getByRole('button', { name: 'Test connection' }).click();
    await expectShown(visit.page.getByText('There are no channels yet.'));
    await visit.page.getByLabel('URL').fill('kafka://localhost:9092');
    await visit.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await visit.page.waitForURL('**/connections');
  });

  test('a connection that fails says why and what to do; it can be disconnected and removed', async () => {
    await open('/connections/new');
    await visit.page.getByLabel('URL').fill('kafka://wrong:9092');
    await visit.page.getByRole('button', { name: 'Test connection' }).click();
    await expectShown(visit.page.getByRole('alert').getByText('See whether the broker runs there'));
    await open('/connections');
    const orders = visit.page.getByRole('article', { name: 'Orders cluster' });
    await expectShown(orders.getByText('Retention removed them'));
    await orders.getByRole('button', { name: 'Disconnect' }).click();
    await expectShown(orders.getByText('Disconnected'));
    await orders.getByRole('button', { name: 'Remove' }).click();
    await visit.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await orders.waitFor({ state: 'detached' });
    const staging = visit.page.getByRole('article', { name: 'Staging payments' });
    await expectShown(staging.getByText('Left on the broker'));
    await expectShown(staging.getByText('rabbitmqctl trace_off -p /', { exact: true }));
    await staging.getByLabel('Password').fill('wrong');
    await staging.getByRole('form').getByRole('button', { name: 'Connect' }).click();
    await expectShown(staging.getByText('The broker refused the one that it got.'));
    await staging.getByRole('button', { name: 'Remove' }).click();
    await visit.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expectShown(staging.getByRole('button', { name: 'Remove anyway' }));
    await staging.getByLabel('Password').fill('pw');
    await staging.getByRole('form').getByRole('button', { name: 'Connect' }).click();
    await expectShown(staging.getByText('Live', { exact: true }));
    await staging.getByRole('button', { name: 'Remove anyway' }).waitFor({ state: 'detached' });
  });

  test('opens a file that is picked, and says why another cannot be opened', async () => {
    await restart({ empty: true });
    await open('/');
    await expectShown(visit.page.getByRole('button', { name: 'Open a file' }));
    const file = (name: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from('{}\n') });
    await visit.page.getByLabel('File to open').setInputFiles(file('Übersicht.txt'));
    await expectShown(visit.page.getByText('Übersicht.txt is neither a capture nor message lines.'));
    await visit.page.getByLabel('File to open').setInputFiles(file('orders.ndjson'));
    await visit.page.waitForURL('**/traces');
    await visit.page.getByRole('link', { name: 'Connections' }).click();
    await expectShown(
      visit.page.getByRole('article', { name: 'orders.ndjson' }).getByText('Read to its end'),
    );
  });

  test('says when the engine is gone, and takes up where it was when it is back', async () => {
    await open('/traces/order?event=order-placed');
    await expectShown(inspector().getByRole('heading', { name: 'OrderPlaced' }));
    await restart({}, () => expectShown(visit.page.getByText('Lost the engine, reconnecting…')));
    await visit.page.getByText('Lost the engine, reconnecting…').waitFor({ state: 'detached' });
    await expectShown(visit.page.getByRole('status', { name: 'Engine' }).getByText('Live'));
    await expectShown(inspector().getByRole('heading', { name: 'OrderPlaced' }));
    await expectShown(chip('OrderPlaced on orders'));
  });

  test('says what to do when the engine does not know the page', async () => {
    await restart({ refuse: true });
    await open('/traces');
    await expectShown(visit.page.getByText('open the URL that the headwater command printed'));
  });

  test('more events than can be drawn are drawn together, and say so', async () => {
    await open('/traces/huge');
    await expectShown(visit.page.getByText('1,200 events are too many to draw each'));
    await chip('RowRead on inventory, 300 events').click();
    await expectShown(inspector().getByRole('heading', { name: 'RowRead' }));
  });
});
