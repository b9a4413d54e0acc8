import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { startFakeEngine } from './fake-engine/server.ts';
import type { FakeEngine, FakeEngineOptions } from './fake-engine/server.ts';

/** The page alone, in a real browser, with a made-up engine behind it. */
describe.skipIf(findBrowser() === undefined)('the page (needs a Chromium)', () => {
  let browser: Browser;
  let engine: FakeEngine;
  let page: Page;
  /** Errors of the page, violations of the content security policy among them. */
  let errors: string[];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    engine = await startFakeEngine({ port: 0 });
    errors = [];
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await engine.close();
  });

  const row = (key: string) => page.getByRole('row', { name: new RegExp(`^${key}`) });
  const chip = (name: string) => page.getByRole('button', { name, exact: true });
  const inspector = () => page.getByRole('region', { name: 'Inspector' });
  const open = (path: string) => page.goto(engine.url + path);
  const restart = async (options: Partial<FakeEngineOptions>): Promise<void> => {
    const { port } = engine;
    await engine.close();
    engine = await startFakeEngine({ port, ...options });
  };

  test('welcomes who has nothing yet, and shows no link to what does not exist', async () => {
    await restart({ empty: true });
    await open('/');
    await page.getByRole('button', { name: 'Connect to a broker' }).waitFor();
    await page.getByRole('button', { name: 'Open a file' }).waitFor();
    const links = page.getByRole('navigation', { name: 'Views' }).getByRole('listitem');
    expect(await links.allInnerTexts()).toEqual(['Traces', 'Connections']);
    expect(errors).toEqual([]);
  });

  test('finds an order by its number, from the keyboard alone, and goes through it', async () => {
    await open('/traces');
    await row('orderId=12345').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('12345');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/traces/order');
    await chip('OrderPlaced on orders').waitFor();
    await page.locator('body').click({ position: { x: 5, y: 700 } });
    await page.keyboard.press('j');
    await inspector().getByRole('heading', { name: 'OrderPlaced' }).waitFor();
    await page.keyboard.press(']');
    await inspector().getByRole('heading', { name: 'FraudCheckRequested' }).waitFor();
    await page.keyboard.press('[');
    await inspector().getByRole('heading', { name: 'OrderPlaced' }).waitFor();
    expect(new URL(page.url()).searchParams.get('event')).toBe('order-placed');
    await page.keyboard.press('.');
    await inspector().waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('shows a trace over three brokers: chips in causal order, links with their evidence', async () => {
    await open('/traces/order');
    await chip('OrderPlaced on orders').waitFor();
    const names = await page
      .locator('.react-flow__node')
      .evaluateAll((nodes) => nodes.map((node) => node.ariaLabel));
    expect(names).toHaveLength(14);
    expect(names.indexOf('payment.requested on payments')).toBeLessThan(
      names.indexOf('payment.charged on payments'),
    );
    const links = page.getByRole('list', { name: 'Links' }).getByRole('listitem');
    expect(await links.count()).toBe(14);
    const guessed = page.getByRole('button', {
      name: 'StockReservationRequested → StockReserved: key-and-time, inferred, 70 %',
    });
    await guessed.focus();
    await page.locator('.link-label', { hasText: 'inventory consumes' }).waitFor();
    expect(await page.locator('.link-edge.inferred').count()).toBe(6);
    expect(await page.locator('.link-edge.proven').count()).toBe(8);
  });

  test('an address can be reloaded, with the event that was selected', async () => {
    await open('/traces/order?event=order-payreq');
    await inspector().getByText('redelivered', { exact: false }).first().waitFor();
    await page.reload();
    await inspector().getByRole('heading', { name: 'payment.requested' }).waitFor();
    await open('/traces?q=orderId%3D12399');
    await row('orderId=12399').waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('orderId=12399');
  });

  test('the address follows a trace that became part of another', async () => {
    await open('/traces/merged');
    await page.waitForURL('**/traces/order');
    await chip('OrderPlaced on orders').waitFor();
  });

  test('shows payloads of every kind, and nothing in them does harm', async () => {
    await open('/traces/odd?event=odd-proto');
    await inspector()
      .getByRole('treeitem', { name: /12345678901234567890/ })
      .waitFor();
    await inspector().getByText('"<script>alert(1)</script>"').waitFor();
    expect(await page.evaluate(() => ({}) as { polluted?: boolean })).toEqual({});
    await chip('Deep on orders').click();
    await inspector().getByRole('button', { name: 'Open all' }).click();
    await inspector().getByRole('tree').press('End');
    await inspector().getByText('level 10,000').waitFor();
    await chip('Large on orders').click();
    await inspector().getByText('65,536 of 4,938,900 characters').waitFor();
    await inspector().getByRole('button', { name: 'Show more' }).click();
    await inspector().getByText('131,072 of 4,938,900 characters').waitFor();
    await chip('Binary on orders').click();
    await inspector().getByText('00 07 0e 15 1c 23 2a 31').waitFor();
    await chip('Empty on orders').click();
    await inspector().getByText('The payload is empty').waitFor();
    expect(errors).toEqual([]);
  });

  test('copies a payload as it was sent, and shows it raw', async () => {
    await open('/traces/order?event=order-placed');
    await inspector().getByRole('button', { name: 'Copy payload' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ orderId: '12345' });
    await inspector().getByRole('tab', { name: 'Raw' }).click();
    await inspector().locator('.cm-content', { hasText: 'Lovelace' }).waitFor();
    expect(errors).toEqual([]);
  });

  test('scrolls through many traces with few rows mounted', async () => {
    await restart({ traces: 100_000 });
    await open('/traces');
    await row('orderId=12345').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 50_000 * 32));
    await row('orderId=249').first().waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
  });

  test('new traces appear by themselves at the top, and wait while one reads further down', async () => {
    await open('/traces');
    await row('orderId=12345').waitFor();
    const first = engine.grow();
    await row(`orderId=${first}`).waitFor();
    await page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 3200));
    await row('orderId=2000').first().waitFor();
    const before = await page.getByRole('row').nth(10).getAttribute('aria-label');
    const second = engine.grow();
    await page.getByRole('button', { name: '1 new trace' }).waitFor();
    expect(await page.getByRole('row').nth(10).getAttribute('aria-label')).toBe(before);
    await page.getByRole('button', { name: '1 new trace' }).click();
    await page.locator('.trace-scroll').evaluate((box) => box.scrollTo(0, 0));
    await row(`orderId=${second}`).waitFor();
  });

  test('a search that finds nothing says what was read, and looks further back', async () => {
    await open('/traces?q=orderId%3D777');
    await page.getByRole('heading', { name: 'No trace carries orderId=777 in what was read' }).waitFor();
    await page.getByText('only what came since it was connected').first().waitFor();
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByRole('progressbar').first().waitFor();
    await page
      .getByRole('article', { name: 'Looking back for orderId=777' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.getByText('Cancelled').waitFor();
  });

  test('connects: a pasted password leaves the field, and side effects come before they happen', async () => {
    await open('/connections/new');
    const url = page.getByLabel('URL');
    await url.fill('amqp://reader:s%40cret@localhost:5672/');
    expect(await url.inputValue()).toBe('amqp://reader@localhost:5672/');
    expect(await page.getByLabel('Password').inputValue()).toBe('s@cret');
    expect(await page.getByLabel('Name').inputValue()).toBe('RabbitMQ localhost');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('Create one exclusive, auto-deleted queue').waitFor();
    await page.getByRole('checkbox', { name: /amq\.topic/ }).waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('article', { name: 'RabbitMQ localhost' }).waitFor();
    expect(await page.content()).not.toContain('cret');
    expect(errors).toEqual([]);
  });

  test('pressing Connect at once shows what it would change before it does', async () => {
    await open('/connections/new');
    await page.getByLabel('URL').fill('amqp://localhost:5672/');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Press Connect again to go ahead').waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.waitForURL('**/connections');
  });

  test('a connection that fails says why and what to do; it can be disconnected and removed', async () => {
    await open('/connections/new');
    await page.getByLabel('URL').fill('kafka://wrong:9092');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('alert').getByText('See whether the broker runs there').waitFor();
    await open('/connections');
    const orders = page.getByRole('article', { name: 'Orders cluster' });
    await orders.getByText('Retention removed them').waitFor();
    await orders.getByRole('button', { name: 'Disconnect' }).click();
    await orders.getByText('Disconnected').waitFor();
    await orders.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await orders.waitFor({ state: 'detached' });
    const staging = page.getByRole('article', { name: 'Staging payments' });
    await staging.getByLabel('Password').fill('pw');
    await staging.getByRole('form').getByRole('button', { name: 'Connect' }).click();
    await staging.getByText('Live', { exact: true }).waitFor();
  });

  test('opens a file that is picked, and says why another cannot be opened', async () => {
    await restart({ empty: true });
    await open('/');
    await page.getByRole('button', { name: 'Open a file' }).waitFor();
    const file = (name: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from('{}\n') });
    await page.getByLabel('File to open').setInputFiles(file('Übersicht.txt'));
    await page.getByText('Übersicht.txt is neither a capture nor message lines.').waitFor();
    await page.getByLabel('File to open').setInputFiles(file('orders.ndjson'));
    await page.waitForURL('**/traces');
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('article', { name: 'orders.ndjson' }).getByText('Read to its end').waitFor();
  });

  test('says when the engine is gone, and takes up where it was when it is back', async () => {
    await open('/traces/order?event=order-placed');
    await inspector().getByRole('heading', { name: 'OrderPlaced' }).waitFor();
    const { port } = engine;
    await engine.close();
    await page.getByText('Lost the engine, reconnecting…').waitFor();
    engine = await startFakeEngine({ port });
    await page.getByText('Lost the engine, reconnecting…').waitFor({ state: 'detached' });
    await page.getByRole('status', { name: 'Engine' }).getByText('Live').waitFor();
    await inspector().getByRole('heading', { name: 'OrderPlaced' }).waitFor();
    await chip('OrderPlaced on orders').waitFor();
  });

  test('says what to do when the engine does not know the page', async () => {
    await restart({ refuse: true });
    await open('/traces');
    await page.getByText('open the URL that the headwater command printed').waitFor();
  });

  test('more events than can be drawn are drawn together, and say so', async () => {
    await open('/traces/huge');
    await page.getByText('1,200 events are too many to draw each').waitFor();
    await chip('RowRead on inventory, 300 events').click();
    await inspector().getByRole('heading', { name: 'RowRead' }).waitFor();
  });
});
