import { randomBytes } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { runShop } from './shop/shop.ts';
import { readTruth, type Truth } from './shop/truth.ts';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { delaysOnScreen, distributionText } from './support/on-screen.ts';
import { quantile } from './support/quantile.ts';
import { allLive } from './support/shop-store.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

describeWith(['kafka', 'rabbitmq', 'redis'], 'in a real browser, on real brokers', (brokers) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  const shopOf = async (orders: number, rate: number, prefix: string, seed = prefix) =>
    runShop({
      brokers: {
        kafka: brokers().kafka.bootstrap,
        rabbitmq: brokers().rabbitmq.amqpUrl,
        redis: brokers().redis.url,
      },
      rate,
      orders,
      seed,
      prefix,
      logDir: await temporaryDir(),
    });
  const newPrefix = () => `b${randomBytes(3).toString('hex')}-`;
  const shown = (what: Locator) => what.first().waitFor();

  /** As a user does it: type the URL, test, read what it would do, connect. */
  async function connectByForm(page: Page, url: string, name: string): Promise<void> {
    await page.getByRole('link', { name: 'Connections' }).click();
    await page
      .getByRole('button', { name: /Add connection|Connect to a broker/ })
      .first()
      .click();
    await page.getByLabel('URL').fill(url);
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await shown(page.getByText(/ answers$/));
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await shown(page.getByRole('heading', { name, exact: true }));
  }

  it('a user connects to three brokers, finds one order by its number, and opens a payload', async ({
    skip,
  }) => {
    if (!findBrowser()) skip('needs a Chromium');
    const headwater = await temporaryHeadwater();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(headwater.url);
    expect(new URL(page.url()).search).toBe('');
    await shown(page.getByRole('button', { name: 'Open a file' }));

    await connectByForm(page, brokers().kafka.url, 'Orders');
    await connectByForm(page, brokers().rabbitmq.url, 'Payments');
    await connectByForm(page, brokers().redis.url, 'Shipments');
    expect(await page.content()).not.toContain('guest:guest');
    await eventually('all are live', () => headwater.client.connections.list(), allLive);

    const prefix = newPrefix();
    const shop = await shopOf(30, 10, prefix);
    await shop.done;
    const truth = readTruth(shop.logDir);
    const order = [...truth.orders.keys()][11] ?? '';
    const own = truth.events.filter((e) => e.orderId === order);
    expect(new Set(own.map((e) => e.system))).toEqual(new Set(['kafka', 'rabbitmq', 'redis']));

    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Search' }).fill(order);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/traces/t*');
    await shown(page.getByRole('heading', { name: new RegExp(`orderId=${order}`) }));

    // Its events across the three brokers, each named by type and channel.
    for (const { type, channel } of own) {
      await shown(page.getByRole('button', { name: `${type} on ${channel}` }));
    }
    await expectCausalOrder(page, truth, order);

    // Solid and dashed tell proven from guessed, in words too.
    const links = page.getByRole('list', { name: 'Links' }).getByRole('listitem');
    const texts = await links.allInnerTexts();
    expect(texts.some((text) => /causation-header/.test(text) && /proven/.test(text))).toBe(true);
    expect(texts.some((text) => /inferred/.test(text))).toBe(true);

    // One payload, by the keyboard, on an address that can be reloaded.
    const chip = page.getByRole('button', { name: `ShipmentCreated on ${prefix}shipments` });
    await chip.focus();
    await page.keyboard.press('Enter');
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await shown(inspector.getByRole('heading', { name: 'ShipmentCreated' }));
    await shown(inspector.getByText(order));
    expect(new URL(page.url()).searchParams.get('event')).toContain(`redis/default/${prefix}shipments/`);
    await page.reload();
    await shown(inspector.getByRole('heading', { name: 'ShipmentCreated' }));
    await shown(inspector.getByText(order));
    expect(errors).toEqual([]);
    await context.close();
  });

  it('each event comes on screen, at 20 orders a second', async ({ skip }) => {
    if (!findBrowser()) skip('needs a Chromium');
    // A shop that has been open before: topics that appear while one looks are found within seconds, not at once.
    const prefix = newPrefix();
    await (
      await shopOf(5, 20, prefix, `${prefix}before`)
    ).done;
    const headwater = await temporaryHeadwater();
    const { shown: delays, handled } = await delaysOnScreen(headwater, brokers(), browser, () =>
      shopOf(300, 20, prefix),
    );
    // How quick that is depends on the machine: `npm run bench -- screen` judges it.
    console.log(distributionText('on screen', delays));
    console.log(distributionText('handled by a service', handled));
    expect(quantile(delays, 0.95)).toBeLessThan(Infinity);
  });
});

/** On the canvas time runs to the right, and what happened together shares a column: no effect stands before its cause. */
async function expectCausalOrder(page: Page, truth: Truth, order: string): Promise<void> {
  const named = new Map(truth.events.map((e) => [e.id, e]));
  const left = async (id: string) => {
    const event = named.get(id);
    const box = await page
      .getByRole('button', { name: `${event?.type} on ${event?.channel}` })
      .first()
      .boundingBox();
    return box?.x ?? NaN;
  };
  const links = truth.links.filter(([id, to]) => {
    const [cause, effect] = [named.get(id), named.get(to)];
    // RabbitMQ has no clock: its events are timed on arrival, which on a busy machine may be after their effects
    // elsewhere. Within one system, time and cause agree.
    return cause?.orderId === order && effect?.orderId === order && cause.system === effect.system;
  });
  expect(links.length).toBeGreaterThan(3);
  for (const [cause, effect] of links) {
    expect(await left(cause), `${cause} is not right of ${effect}`).toBeLessThanOrEqual(await left(effect));
  }
}
