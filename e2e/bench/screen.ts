import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { brokersInfo } from '../brokers/info.ts';
import { startBrokers, type Brokers } from '../brokers/start.ts';
import { openBrowser } from '../fake-engine/browser.ts';
import { runShop } from '../shop/shop.ts';
import { startHeadwater } from '../support/headwater.ts';
import { delaysOnScreen, distributionText } from '../support/on-screen.ts';
import { median, quantile } from '../support/quantile.ts';

const rounds = 3;
const rate = 20;
const orders = 300;

const say = (line: string) => process.stderr.write(`${line}\n`);

/**
 * How soon an event is on screen after it was published: the sample shop on three real brokers, 20 orders a second, and
 * the list of traces in a browser. Beside it how soon the shop's own services handle the same events on the same machine,
 * which also run the brokers.
 */
export async function screen(): Promise<Record<string, unknown>> {
  await build({ logLevel: 'warn' });
  const brokers = await startBrokers({ tools: ['chromium'] });
  try {
    const results = [];
    for (let round = 1; round <= rounds; round++) results.push(await measure(brokers, round));
    const p95 = median(results.map(({ shown }) => quantile(shown, 0.95)));
    const handledP95 = median(results.map(({ handled }) => quantile(handled, 0.95)));
    return {
      bench: 'screen',
      ordersPerSecond: rate,
      events: results[0]?.shown.length,
      p50Ms: median(results.map(({ shown }) => quantile(shown, 0.5))),
      p95Ms: p95,
      withinOneSecond: median(
        results.map(({ shown }) => shown.filter((delay) => delay <= 1_000).length / shown.length),
      ),
      handledP95Ms: handledP95,
      ratio: Number((p95 / handledP95).toPrecision(2)),
      rounds,
    };
  } finally {
    await brokers.dispose();
  }
}

async function measure(brokers: Brokers, round: number) {
  const { kafka, rabbitmq, redis } = brokersInfo(brokers);
  if (!kafka || !rabbitmq || !redis) throw new Error('Kafka, RabbitMQ and Redis are needed for this.');
  const dir = await mkdtemp(join(tmpdir(), 'headwater-bench-'));
  const prefix = `screen${round}-`;
  const shopOf = (count: number, seed: string) =>
    runShop({
      brokers: { kafka: kafka.bootstrap, rabbitmq: rabbitmq.amqpUrl, redis: redis.url },
      ...{ rate, orders: count, seed, prefix, logDir: join(dir, seed) },
    });
  // A shop that has been open before, as all are that somebody looks at.
  await (
    await shopOf(5, 'before')
  ).done;
  const headwater = await startHeadwater(['--data', join(dir, 'data'), '--port', '0']);
  const browser = await openBrowser();
  try {
    const { shown, handled } = await delaysOnScreen(headwater, { kafka, rabbitmq, redis }, browser, () =>
      shopOf(orders, 'measured'),
    );
    say(`round ${round}: ${distributionText('on screen', shown)}`);
    say(`round ${round}: ${distributionText('handled by a service', handled)}`);
    return { shown, handled };
  } finally {
    await browser.close();
    await headwater.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
