import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { runShop } from './shop/shop.ts';
import { readTruth } from './shop/truth.ts';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { allLive, connectAll, judgeLinks, judgeOrders, readStored } from './support/shop-store.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

describeWith(['kafka', 'rabbitmq', 'redis'], '500 orders at 20 a second', (brokers) => {
  it('are in the store exactly once, each order in exactly one trace', async () => {
    const headwater = await temporaryHeadwater();
    const { client } = headwater;
    await connectAll(client, brokers());
    await eventually('all are live', () => client.connections.list(), allLive);
    const prefix = `t${randomBytes(3).toString('hex')}-`;
    const shop = await runShop({
      brokers: {
        kafka: brokers().kafka.bootstrap,
        rabbitmq: brokers().rabbitmq.amqpUrl,
        redis: brokers().redis.url,
      },
      rate: 20,
      orders: 500,
      seed: prefix,
      prefix,
      logDir: await temporaryDir(),
    });
    const summary = await shop.done;
    expect(summary).toMatchObject({ placed: 500, completed: 500 });

    const truth = readTruth(shop.logDir);
    await eventually(
      'every event has come',
      () => client.info(),
      (info) => info.events >= truth.events.length,
    );
    const stored = await readStored(headwater);
    const wanted = new Set(truth.events.map((e) => e.id));
    const missing = [...wanted].filter((id) => !stored.events.has(id));
    const surplus = [...stored.events.keys()].filter((id) => !wanted.has(id));
    const counts = judgeOrders(truth, stored);
    const links = judgeLinks(truth, stored);
    const bySystem = Object.groupBy(truth.events, (e) => e.system);
    console.log(
      [
        `events: ${truth.events.length} in the logs (${Object.entries(bySystem)
          .map(([s, e]) => `${s} ${e.length}`)
          .join(', ')}), ${stored.count} in the store`,
        `missing ${missing.length}, not in the logs ${surplus.length}`,
        `orders: ${counts.orders}, in exactly one trace that is theirs alone: ${counts.exact}`,
        `traces: ${stored.traces.length}`,
        `links: ${links.wanted} in the logs, ${links.found} of them found; proven ${links.proven.true} of ${links.proven.stated} true, ` +
          `inferred ${links.inferred.true} of ${links.inferred.stated} true`,
      ].join('\n'),
    );
    expect({ missing: missing.slice(0, 5), surplus: surplus.slice(0, 5) }).toEqual({
      missing: [],
      surplus: [],
    });
    expect(stored.count).toBe(wanted.size);
    // A solid line must never mislead.
    expect(links.wrong).toEqual([]);
    expect(links.proven.stated).toBeGreaterThan(0);
    expect({ ...counts, scattered: counts.scattered.slice(0, 5), mixed: counts.mixed.slice(0, 5) }).toEqual({
      orders: 500,
      exact: 500,
      scattered: [],
      mixed: [],
    });

    // A batch names twenty orders, and still who looks for one of them by its number finds that one.
    const numbers = [...truth.orders.keys()];
    for (const number of numbers.filter((_, i) => i % 25 === 0)) {
      const bare = await client.traces.list({ query: number, limit: 10, offset: 0 });
      const named = await client.traces.list({ query: `orderId=${number}`, limit: 10, offset: 0 });
      expect(bare.rows.map((row) => row.keys[0])).toEqual([{ name: 'orderId', value: number }]);
      expect(named.rows.map((row) => row.id)).toEqual(bare.rows.map((row) => row.id));
    }
  });
});
