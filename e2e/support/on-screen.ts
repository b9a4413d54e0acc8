import type { Page } from 'playwright-core';
import type { Truth } from '../shop/truth.ts';

/** Tall enough for all rows that one update brings to the top: a batch alone touches twenty. */
export const tall = { width: 1920, height: 2160 } as const;

/** A page with the list of traces takes down, whenever it paints, which order shows how many events, and since when. */
export async function watchTraces(page: Page): Promise<void> {
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
export async function onScreenDelays(page: Page, truth: Truth): Promise<number[]> {
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
export function handledDelays({ events, deliveries }: Truth): number[] {
  const handled = new Map<string, number>();
  for (const { event, at } of deliveries) {
    handled.set(event, Math.min(handled.get(event) ?? Infinity, Date.parse(at)));
  }
  return events.flatMap(({ id, at }) => {
    const first = handled.get(id);
    return first === undefined ? [] : [first - Date.parse(at)];
  });
}

/** The value that so large a part of them does not exceed; the last for 1. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Infinity;
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
