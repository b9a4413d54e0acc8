import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { runShop } from './shop/shop.ts';
import { readTruth } from './shop/truth.ts';
import { describeWith } from './support/brokers.ts';
import { eventually } from './support/eventually.ts';
import { allLive, connectAll, readStored } from './support/shop-store.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

describeWith(['kafka', 'rabbitmq', 'redis'], 'an order that was stuck before Headwater came', (brokers) => {
  it('is found in Kafka and Redis streams, and nothing else is stored', async () => {
    const prefix = `l${randomBytes(3).toString('hex')}-`;
    const shop = await runShop({
      brokers: {
        kafka: brokers().kafka.bootstrap,
        rabbitmq: brokers().rabbitmq.amqpUrl,
        redis: brokers().redis.url,
      },
      rate: 40,
      orders: 60,
      seed: prefix,
      prefix,
      logDir: await temporaryDir(),
    });
    await shop.done;
    const truth = readTruth(shop.logDir);
    const order = [...truth.orders.keys()][30] ?? '';
    const names = (e: { orderId?: string; orderIds?: readonly string[] }) =>
      e.orderId === order || e.orderIds?.includes(order);
    // Where the order is the key, only its partition is read; a batch that names it may lie in another.
    const again = truth.events.filter((e) => e.system === 'kafka' || e.streamId !== undefined);
    const own = again.filter((e) => e.orderId === order).map((e) => e.id);
    const naming = again.filter(names).map((e) => e.id);

    const headwater = await temporaryHeadwater();
    const { client } = headwater;
    await connectAll(client, brokers());
    await eventually('all are live', () => client.connections.list(), allLive);
    expect((await client.info()).events).toBe(0);

    const { id } = await client.lookBack.start({ key: `orderId=${order}`, from: Date.now() - 3_600_000 });
    const job = await eventually(
      'the scan is done',
      async () => (await client.lookBack.list()).find((j) => j.id === id),
      (j) => j?.state !== 'running',
      { withinMs: 60_000 },
    );
    expect(job).toMatchObject({ state: 'done' });
    for (const part of job?.parts ?? []) expect(part.scanned).toBeLessThanOrEqual(part.total ?? Infinity);

    const stored = await readStored(headwater);
    const found = [...stored.events.keys()];
    expect(found).toEqual(expect.arrayContaining(own));
    expect(found.filter((event) => !naming.includes(event))).toEqual([]);
    expect(job?.matched).toBe(found.length);
    expect(job?.parts.some((part) => /partition/.test(part.note ?? ''))).toBe(true);
    const { rows } = await client.traces.list({ query: order, limit: 10, offset: 0 });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.systems.toSorted()).toEqual(['kafka', 'redis']);

    // Looking again finds the same events, not twice.
    const second = await client.lookBack.start({ key: order });
    await eventually(
      'the second scan is done',
      async () => (await client.lookBack.list()).find((j) => j.id === second.id),
      (j) => j?.state === 'done',
      { withinMs: 60_000 },
    );
    expect((await client.info()).events).toBe(found.length);
  });

  it('says so where nothing can be looked through', async () => {
    const { client } = await temporaryHeadwater();
    await client.connections.add({ name: 'r', url: brokers().rabbitmq.url, channels: 'all', from: 'latest' });
    await eventually('it is live', () => client.connections.list(), allLive);
    await expect(client.lookBack.start({ key: '1' })).rejects.toMatchObject({
      message: expect.stringContaining('past') as string,
      data: { remedy: expect.stringContaining('Kafka') as string },
    });
  });
});
