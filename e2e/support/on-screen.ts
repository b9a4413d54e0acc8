import type { Browser, Page } from 'playwright-core';
import type { ShopRun } from '../shop/shop.ts';
import { readTruth, type Truth } from '../shop/truth.ts';
import { eventually } from './eventually.ts';
import type { Headwater } from './headwater.ts';
import { quantile } from './quantile.ts';
import { allLive, connectAll } from './shop-store.ts';

/** Tall enough for all rows that one update brings to the top: a batch alone touches twenty. */
const tall = { width: 1920, height: 2160 } as const;

/** From being published to being on screen, and to being handled by the first service, ms; for each event of a shop. */
export interface Delays {
  readonly shown: readonly number[];
  readonly handled: readonly number[];
}

/**
 * Connects a new Headwater to the brokers, opens its list of traces in the browser, lets a shop run, and waits until its
 * events are on screen: 95 % of them, since the rows of what is long past may have left it before one looked.
 */
export async function delaysOnScreen(
  { client, url }: Headwater,
  brokers: Parameters<typeof connectAll>[1],
  browser: Browser,
  runShop: () => Promise<ShopRun>,
): Promise<Delays> {
  await connectAll(client, brokers);
  await eventually('all are live', () => client.connections.list(), allLive);
  const page = await browser.newPage({ viewport: tall });
  await page.goto(url);
  await page.getByRole('link', { name: 'Traces' }).click();
  await watchTraces(page);
  const shop = await runShop();
  await shop.done;
  const truth = readTruth(shop.logDir);
  const shown = await eventually(
    'every event is on screen',
    () => onScreenDelays(page, truth),
    (all) => all.filter(Number.isFinite).length >= all.length * 0.95,
    { withinMs: 30_000 },
  );
  await page.close();
  return { shown, handled: handledDelays(truth) };
}

/** A page with the list of traces takes down, whenever it paints, which order shows how many events, and since when. */
async function watchTraces(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Map<string, number[]>();
    Object.assign(window, { seen });
    const look = () => {
      for (const row of document.querySelectorAll('[role=row][aria-label^="orderId="]')) {
        const label = row.getAttribute('aria-label') ?? '';
        const order = /^orderId=(\d+)/.exec(label)?.[1] ?? '';
        const count = Number(/(\d+) events?/.exec(label)?.[1] ?? 0);
        const times = seen.get(order) ?? [];
        while (times.length < count) times.push(Date.now());
        seen.set(order, times);
      }
      requestAnimationFrame(look);
    };
    look();
  });
}

/** From being published to being on screen, ms, for each event that the services' logs name; Infinity for what is not there. */
async function onScreenDelays(page: Page, truth: Truth): Promise<number[]> {
  const published = new Map<string, number[]>();
  for (const { at, orderId, orderIds } of truth.events) {
    for (const order of orderId === undefined ? (orderIds ?? []) : [orderId]) {
      published.set(order, [...(published.get(order) ?? []), Date.parse(at)]);
    }
  }
  const seen = new Map(
    await page.evaluate(() => [...(window as unknown as { seen: Map<string, number[]> }).seen]),
  );
  return [...published].flatMap(([order, times]) => {
    const shownAt = seen.get(order) ?? [];
    return times.toSorted((a, b) => a - b).map((at, i) => (shownAt[i] ?? Infinity) - at);
  });
}

/** From being published to being handled by the first service, ms: what ordinary consumers need on this machine just then. */
function handledDelays({ events, deliveries }: Truth): number[] {
  const handled = new Map<string, number>();
  for (const { event, at } of deliveries) {
    handled.set(event, Math.min(handled.get(event) ?? Infinity, Date.parse(at)));
  }
  return events.flatMap(({ id, at }) => {
    const first = handled.get(id);
    return first === undefined ? [] : [first - Date.parse(at)];
  });
}

/** `4500 events, published → on screen: p50 400 ms, p90 700 ms …` */
export function distributionText(what: string, delays: readonly number[]): string {
  const at = [0.5, 0.9, 0.95, 0.99].map((part) => `p${part * 100} ${quantile(delays, part)} ms`);
  const within = delays.filter((delay) => delay <= 1_000).length / delays.length;
  return (
    `${delays.length} events, published → ${what}: ${at.join(', ')}, most ${quantile(delays, 1)} ms; ` +
    `within one second ${(within * 100).toFixed(1)} %`
  );
}
