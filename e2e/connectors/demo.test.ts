import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseDemoUrl } from '../../app/connectors/demo/options.ts';
import { demoTruth } from '../../app/connectors/demo/truth.ts';
import { eventually } from '../support/eventually.ts';
import { command, logIn, startHeadwater, type PageClient } from '../support/headwater.ts';
import { judgeLinks, judgeOrders, type Stored } from '../support/shop-store.ts';
import { temporaryDir, temporaryHeadwater } from '../support/temporary.ts';

/** The whole product on the live demo: no broker is needed, and what really happened is known to the last event. */

const slow = { timeout: 180_000 };
const demo = { name: 'Live demo', url: 'demo://?seed=1', channels: 'all', from: 'earliest' } as const;

/** Everything that is in the store, by the names that the demo knows too. */
async function readAll(client: PageClient): Promise<Stored> {
  const traces: Stored['traces'][number][] = [];
  const events = new Map<string, Stored['traces'][number]['events'][number]>();
  const ids: string[] = [];
  for (let offset = 0; ; offset += 500) {
    const { rows } = await client.traces.list({ query: '', limit: 500, offset });
    if (rows.length === 0) break;
    ids.push(...rows.map(({ id }) => id));
  }
  // Traces move in the list while more comes in; one that was met twice is still one.
  for (const id of new Set(ids)) traces.push(await client.traces.get({ id }));
  for (const trace of traces) for (const head of trace.events) events.set(head.id, head);
  return { traces, events, count: (await client.info()).events };
}

/** When the shop opened: the time of its very first event, which has the same name whenever that was. */
async function startOf(client: PageClient, url: string): Promise<number> {
  const settings = parseDemoUrl(url);
  const [first] = demoTruth(settings, 0, 10).events;
  const { head } = await client.events.get({ id: first?.id ?? '' });
  return head.time;
}

const only = async (client: PageClient) => {
  const [connection] = await client.connections.list();
  if (!connection) throw new Error('There is no connection.');
  return connection;
};

const disconnect = async (client: PageClient): Promise<number> => {
  await client.connections.disconnect({ id: (await only(client)).id });
  // What was accepted before is written a moment later.
  let before = -1;
  return eventually(
    'all is written',
    async () => {
      const [last, { events }] = [before, await client.info()];
      before = events;
      return last === events ? events : 0;
    },
    Boolean,
    { everyMs: 500 },
  );
};

describe('headwater serve --demo', () => {
  it(
    'shows a shop in which every order is one trace, 12345 is stuck, and the rest is as it happened',
    slow,
    async () => {
      const headwater = await startHeadwater(['--demo', '--port', '0']);
      onTestFinished(async () => void (await headwater.stop()));
      const { client } = headwater;
      const settings = parseDemoUrl(demo.url);
      await eventually(
        'the history is there',
        () => client.info(),
        ({ events }) => events > 4_000,
      );
      expect(await client.connections.list()).toMatchObject([
        { name: 'Live demo', system: 'demo', phase: 'live', sideEffects: [], needsSecret: false },
      ]);
      expect((await client.connections.kinds()).map(({ system }) => system)).not.toContain('demo');

      const start = await startOf(client, demo.url);
      const count = await disconnect(client);
      const stored = await readAll(client);
      const truth = demoTruth(settings, start, Date.now());
      const last = Math.max(...[...stored.events.values()].map(({ time }) => time));
      const played = truth.events.filter(({ time }) => time <= last);
      expect(new Set(stored.events.keys())).toEqual(new Set(played.map(({ id }) => id)));
      expect(count).toBe(stored.events.size);

      const orders = judgeOrders(truth, stored, played);
      expect({ scattered: orders.scattered, mixed: orders.mixed }).toEqual({ scattered: [], mixed: [] });
      expect(orders.exact).toBeGreaterThanOrEqual(300);

      const known = { ...truth, events: played };
      const links = judgeLinks(known, stored);
      const ids = new Set(played.map(({ id }) => id));
      const wanted = truth.links.filter(([cause, effect]) => ids.has(cause) && ids.has(effect)).length;
      const stated = links.proven.stated + links.inferred.stated;
      const right = links.proven.true + links.inferred.true;
      console.log(
        `demo: ${played.length} events, ${orders.orders} orders, ${orders.exact} exact; links: precision ` +
          `${(right / stated).toFixed(3)} (${right} of ${stated}; proven ${links.proven.true} of ${links.proven.stated}), ` +
          `recall ${(right / wanted).toFixed(3)} of ${wanted}`,
      );
      expect(links.wrong).toEqual([]);
      expect(links.proven.stated).toBeGreaterThan(0);

      const { rows } = await client.traces.list({ query: '12345', limit: 10, offset: 0 });
      expect(rows.map(({ keys }) => keys[0])).toEqual([{ name: 'orderId', value: '12345' }]);
      const { events, deliveries } = await client.traces.get({ id: rows[0]?.id ?? '' });
      const created = events.find(({ type }) => type === 'ShipmentCreated');
      expect(deliveries.filter((d) => d.event === created?.id && d.consumer === 'dispatch')).toEqual([
        expect.objectContaining({ status: 'pending', via: 'shipping-2', evidence: 'pending-entries' }),
      ]);
      expect(Date.now() - (created?.time ?? Date.now())).toBeGreaterThan(10 * 60_000);
      const [poison] = truth.stories.find(({ kind }) => kind === 'poison')?.orders ?? [];
      const failed = await client.traces.list({ query: 'status:failed', limit: 10, offset: 0 });
      expect(failed.rows.map(({ keys }) => keys[0]?.value)).toEqual([poison]);

      // It is disconnected: while a live demo would have played on, nothing came.
      await eventually(
        'it would have played on',
        () => demoTruth(settings, start, Date.now()).events.length,
        (length) => length > count + 20,
      );
      expect((await client.info()).events).toBe(count);
      expect((await only(client)).phase).toBe('disconnected');
    },
  );

  it('refuses what makes no sense, before anything is opened', slow, async () => {
    const call = (...args: string[]) =>
      promisify(execFile)(process.execPath, [command, 'serve', ...args]).then(
        () => 'served',
        ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
      );
    expect(await call('--demo', '--data', '/nowhere')).toMatch(/^2 .*store of its own/);
    expect(await call('--seed', '3')).toMatch(/^2 .*needs --demo/);
    expect(await call('--demo', '--seed', 'x')).toMatch(/^2 /);
  });
});

describe('a demo connection', () => {
  it('doubles nothing when the engine is killed, nor when it is removed and added again', slow, async () => {
    const dir = await temporaryDir();
    const url = 'demo://?seed=1&rate=10';
    const first = await temporaryHeadwater(dir);
    const { id } = await first.client.connections.add({ ...demo, url });
    expect(await first.client.connections.add({ ...demo, url })).toEqual({ id });
    await eventually(
      'it is live',
      () => first.client.info(),
      ({ events }) => events > 4_100,
    );
    await first.kill();

    const { client } = await temporaryHeadwater(dir);
    const after = (await client.info()).events;
    await eventually(
      'it goes on',
      () => client.info(),
      ({ events }) => events > after + 200,
    );
    await client.connections.remove({ id });
    expect(await client.connections.list()).toEqual([]);
    const left = (await client.info()).events;
    expect(await client.connections.add({ ...demo, url })).toEqual({ id });
    await eventually(
      'it goes on again',
      () => client.info(),
      ({ events }) => events > left + 200,
    );

    const count = await disconnect(client);
    const stored = await readAll(client);
    const truth = demoTruth(parseDemoUrl(url), await startOf(client, url), Date.now());
    const last = Math.max(...[...stored.events.values()].map(({ time }) => time));
    const played = truth.events.filter(({ time }) => time <= last).map(({ id: name }) => name);
    expect(new Set(stored.events.keys())).toEqual(new Set(played));
    expect(count).toBe(played.length);
  });

  it(
    'leaves nothing when it is removed with what it recorded, unless others are beside it',
    slow,
    async () => {
      const { client, origin, url } = await temporaryHeadwater();
      const open = async () => {
        const { id } = await client.connections.add(demo);
        await eventually(
          'it plays',
          () => client.info(),
          ({ events }) => events > 1_000,
        );
        return id;
      };
      const before = await client.info();
      await client.connections.remove({ id: await open(), withRecorded: true });
      const after = await client.info();
      expect(after).toMatchObject({ events: 0, connections: 0, warnings: [] });
      // Pages know by it that numbers begin again.
      expect(after.instance).not.toBe(before.instance);
      expect((await client.traces.list({ query: '', limit: 1, offset: 0 })).total).toBe(0);

      const id = await open();
      const line = {
        kind: 'message',
        id: 'm1',
        system: 'kafka',
        channel: 'own',
        time: '2026-03-01T10:00:00Z',
      };
      const headers = { cookie: await logIn(url), origin, 'x-file-name': 'own.ndjson' };
      await fetch(`${origin}/files`, { method: 'POST', headers, body: JSON.stringify(line) });
      await eventually(
        'the file is read',
        () => client.connections.list(),
        (list) => list.some(({ phase }) => phase === 'done'),
      );
      await client.connections.remove({ id, withRecorded: true });
      expect((await client.info()).events).toBeGreaterThan(1_000);
    },
  );

  it('tells what is wrong with its URL', slow, async () => {
    const { client } = await temporaryHeadwater();
    expect(await client.connections.test({ url: 'demo://?speed=3' })).toMatchObject({
      ok: false,
      problem: { code: 'invalid-options', message: expect.stringContaining('speed') as string },
    });
    expect(await client.connections.test({ url: 'demo://' })).toMatchObject({ ok: true, system: 'demo' });
  });

  it('is recorded without a page', slow, async () => {
    const file = join(await temporaryDir(), 'demo.hwcap');
    const call = (...args: string[]) =>
      promisify(execFile)(process.execPath, [command, ...args], { maxBuffer: 1 << 28 });
    await call('record', '--connection', 'demo://?seed=7', '--from', 'earliest', '--for', '3s', '-o', file);
    const { stdout } = await call('trace', file, '--key', 'orderId=12345', '--format', 'json');
    expect(stdout).toContain('ShipmentCreated');
  });
});
