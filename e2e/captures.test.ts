import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.ts';
import { command, logIn, startHeadwater, type Headwater } from './support/headwater.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

const run = promisify(execFile);
const headwater = (...args: string[]) =>
  run(process.execPath, [command, ...args], { maxBuffer: 64 * 1024 * 1024 });

const at = (second: number, ms = 0) => new Date(Date.UTC(2026, 2, 1, 10, 0, second, ms)).toISOString();

/** Orders over two brokers: what happened to them, who consumed what, what was read, and what is wired to what. */
function shopLines(orders: number): object[] {
  const lines: object[] = [
    {
      kind: 'subscription',
      system: 'kafka',
      cluster: 'prod',
      channel: 'orders',
      consumer: 'payments',
      lag: 3,
    },
    {
      kind: 'binding',
      system: 'rabbitmq',
      cluster: 'prod',
      channel: 'billing',
      to: 'billing.charges',
      routingKey: 'charge.*',
    },
    {
      kind: 'coverage',
      system: 'kafka',
      cluster: 'prod',
      channel: 'orders',
      partition: 0,
      fromOffset: '0',
      toOffset: String(orders),
      from: at(0),
      to: at(59),
      state: 'read',
    },
    {
      kind: 'coverage',
      system: 'rabbitmq',
      cluster: 'prod',
      channel: 'billing',
      from: at(5),
      to: at(7),
      state: 'gap',
      reason: 'The broker was unreachable',
    },
  ];
  for (let n = 0; n < orders; n++) {
    const orderId = `ord-${n}-x`;
    lines.push(
      {
        kind: 'message',
        system: 'kafka',
        cluster: 'prod',
        channel: 'orders',
        partition: 0,
        offset: String(n),
        time: at(n % 50),
        key: orderId,
        headers: { 'message-id': `placed-${n}` },
        payload: { eventType: 'OrderPlaced', orderId, total: 12.5 },
        producer: 'storefront',
      },
      {
        kind: 'message',
        id: `charge-${n}`,
        system: 'rabbitmq',
        cluster: 'prod',
        channel: 'billing',
        channelKind: 'exchange',
        routingKey: 'charge.requested',
        time: at((n % 50) + 1, 20),
        headers: { 'causation-id': `placed-${n}` },
        properties: { message_id: `charge-${n}`, app_id: 'payments' },
        payloadText: JSON.stringify({ orderId }),
      },
      {
        kind: 'delivery',
        message: `kafka/prod/orders/0/${n}`,
        consumer: 'payments',
        after: at(n % 50),
        before: at((n % 50) + 1),
        status: 'acknowledged',
        evidence: 'offset-commit',
      },
      {
        kind: 'delivery',
        message: `charge-${n}`,
        consumer: 'billing.charges',
        time: at((n % 50) + 1, 40),
        status: n % 7 === 0 ? 'rejected' : 'acknowledged',
        evidence: 'firehose',
        via: 'billing.charges',
      },
    );
  }
  return lines;
}

async function writeLines(path: string, lines: readonly object[]): Promise<string> {
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

/** A Headwater that looks at a file, and nothing else. */
async function serving(file: string): Promise<Headwater> {
  const served = await startHeadwater(['--port', '0', file]);
  onTestFinished(async () => void (await served.stop()));
  return served;
}

/** Everything that can be seen of it, without ids of traces and connections, which may differ. */
async function whole({ client }: Headwater) {
  const [connection] = await eventually(
    'the file is read',
    () => client.connections.list(),
    ([c]) => c?.phase === 'done' || c?.phase === 'failed',
  );
  expect(connection?.problem).toBeUndefined();
  const { rows, total } = await client.traces.list({ query: '', limit: 1000, offset: 0 });
  expect(rows).toHaveLength(total);
  const traces = await Promise.all(
    rows.map(async ({ id }) => {
      const { trace, events, links, deliveries } = await client.traces.get({ id });
      return { ...trace, id: undefined, events, links, deliveries, count: trace.events };
    }),
  );
  const ids = [...new Set(traces.flatMap(({ events }) => events.map(({ id }) => id)))].sort();
  const events = await Promise.all(
    ids.slice(0, 20).map(async (id) => {
      const event = await client.events.get({ id });
      return {
        ...event,
        connection: undefined,
        traces: event.traces.map((trace) => ({ ...trace, id: undefined })),
      };
    }),
  );
  const { channels, edges, participants } = await client.topology();
  const info = await client.info();
  return {
    traces: traces.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ids,
    events,
    topology: { participants, edges, channels: channels.map((channel) => ({ ...channel, rate: 0 })) },
    coverage: connection?.active,
    recorded: info.events,
  };
}

/** Saves all that is recorded and fetches the file as the page does. */
async function save(
  served: Headwater,
  dir: string,
  mask = { fields: [] as string[], headers: [] as string[] },
) {
  const { client, origin, url } = served;
  const { id } = await client.captures.save({ name: 'späte Bestellung/12', mask });
  const job = await eventually(
    'the capture is written',
    async () => (await client.captures.list()).find((each) => each.id === id),
    (each) => each?.state !== 'running',
  );
  expect(job).toMatchObject({ state: 'done', name: 'späte Bestellung_12.hwcap' });
  const response = await fetch(`${origin}/captures/${id}`, { headers: { cookie: await logIn(url) } });
  const path = join(dir, `${id}.hwcap`);
  await writeFile(path, Buffer.from(await response.arrayBuffer()));
  return { id, path, job, response };
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('captures', () => {
  it('opened in a second instance show what the first one showed', async () => {
    const dir = await temporaryDir();
    const lines = await writeLines(join(dir, 'shop.ndjson'), shopLines(60));
    const first = await serving(lines);
    const before = await whole(first);
    expect(before.traces).toHaveLength(60);
    expect(before.traces.some(({ status }) => status === 'failed')).toBe(true);
    expect(before.traces.every(({ links, deliveries }) => links.length > 0 && deliveries.length > 1)).toBe(
      true,
    );
    expect(before.coverage?.flatMap(({ gaps }) => gaps)).toMatchObject([
      { reason: 'The broker was unreachable' },
    ]);

    const saved = await save(first, dir);
    expect(await whole(await serving(saved.path))).toEqual(before);
    const imported = join(dir, 'imported.hwcap');
    await headwater('import', lines, '-o', imported);
    expect((await stat(imported)).mode & 0o777).toBe(0o600);
    expect(await whole(await serving(imported))).toEqual(before);
  });

  it('say what they hold before they are read', async () => {
    const dir = await temporaryDir();
    const capture = join(dir, 'shop.hwcap');
    await headwater('import', await writeLines(join(dir, 'shop.ndjson'), shopLines(3)), '-o', capture);
    const { client } = await serving(capture);
    const [connection] = await eventually(
      'the manifest is shown',
      () => client.connections.list(),
      ([c]) => c?.capture !== undefined,
    );
    expect(connection?.capture).toMatchObject({
      events: 6,
      deliveries: 6,
      traces: 3,
      first: Date.parse(at(0)),
      last: Date.parse(at(3, 20)),
      masked: false,
    });
  });

  it('are given to their own page only, are gone when told so, and leave nothing', async () => {
    const dir = await temporaryDir();
    const data = join(dir, 'data');
    const served = await temporaryHeadwater(data);
    const { id, response, job } = await save(served, dir);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="sp_te Bestellung_12.hwcap"; filename*=UTF-8''sp%C3%A4te%20Bestellung_12.hwcap`,
    );
    expect(job?.bytes).toBe(Number(response.headers.get('content-length')));
    for (const file of await filesIn(join(data, 'exports')))
      expect((await stat(file)).mode & 0o777).toBe(0o600);

    const { origin, url, client } = served;
    const cookie = await logIn(url);
    const ask = (headers: Record<string, string>, of = id) => fetch(`${origin}/captures/${of}`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ cookie, origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask({ cookie, 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await ask({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await ask({ cookie }, '..%2f..%2fconnections.json')).status).toBe(404);
    expect((await ask({ cookie }, 'nothing')).status).toBe(404);
    await expect(client.captures.save({ name: '', mask: { fields: ['a..b'], headers: [] } })).rejects.toThrow(
      /a\.\.b/,
    );
    await served.stop();
    expect(await readdir(data)).not.toContain('exports');
  });

  it('can be cancelled while they are read and while they are written, and the rest works', async () => {
    const dir = await temporaryDir();
    const capture = join(dir, 'large.hwcap');
    await headwater('import', await writeLines(join(dir, 'large.ndjson'), shopLines(12_000)), '-o', capture);
    const served = await serving(capture);
    const { client } = served;
    const [reading] = await eventually(
      'some of it is read',
      () => client.connections.list(),
      ([c]) => (c?.progress?.read ?? 0) > 0,
      { everyMs: 10 },
    );
    expect(reading?.progress?.total).toBe(24_000);
    await client.connections.disconnect({ id: reading?.id ?? '' });
    const [stopped] = await eventually(
      'reading ends',
      () => client.connections.list(),
      ([c]) => c?.phase === 'disconnected',
    );
    expect(stopped?.events).toBeLessThan(24_000);
    expect(stopped?.problem).toBeUndefined();

    const { id } = await client.captures.save({ name: 'x', mask: { fields: [], headers: [] } });
    await client.captures.cancel({ id });
    expect((await client.captures.list())[0]?.state).toBe('cancelled');
    const again = await eventually('the next one may begin', () =>
      client.captures.save({ name: 'y', mask: { fields: [], headers: [] } }),
    );
    await eventually(
      'and is written',
      () => client.captures.list(),
      (jobs) => jobs.find((job) => job.id === again.id)?.state === 'done',
    );
  });

  it('that are damaged, cut off or empty are refused with a sentence, and the rest works', async () => {
    const dir = await temporaryDir();
    const good = join(dir, 'good.hwcap');
    await headwater('import', await writeLines(join(dir, 'shop.ndjson'), shopLines(5)), '-o', good);
    const bytes = await readFile(good);
    const data = await temporaryDir();
    const served = await temporaryHeadwater(data);
    const cookie = await logIn(served.url);
    const send = async (name: string, content: Uint8Array) => {
      const response = await fetch(`${served.origin}/files`, {
        method: 'POST',
        headers: { cookie, origin: served.origin, 'x-file-name': encodeURIComponent(name) },
        body: Buffer.from(content),
      });
      return ((await response.json()) as { id: string }).id;
    };
    const changed = Buffer.from(bytes);
    changed.fill(0x58, bytes.indexOf('PAR1') + 40, bytes.indexOf('PAR1') + 60);
    const files: [string, Uint8Array, RegExp][] = [
      ['empty.hwcap', Buffer.alloc(0), /^empty\.hwcap is empty/],
      ['stump.hwcap', bytes.subarray(0, 3), /^stump\.hwcap does not begin as a capture does/],
      ['cut.hwcap', bytes.subarray(0, bytes.length - 200), /^cut\.hwcap is not a whole capture/],
      ['changed.hwcap', changed, /^events-00001\.parquet in changed\.hwcap is damaged/],
      ['noise.ndjson', Buffer.from('what\nis this\n'), /^noise\.ndjson holds nothing that can be read/],
    ];
    for (const [name, content, sentence] of files) {
      const id = await send(name, content);
      const failed = await eventually(
        `${name} is refused`,
        async () => (await served.client.connections.list()).find((each) => each.id === id),
        (each) => each?.phase === 'failed',
      );
      expect(failed?.problem?.message).toMatch(sentence);
      expect(failed?.problem?.remedy).toMatch(/^Open a .hwcap/);
    }
    await send('good.hwcap', bytes);
    await eventually(
      'a good one is read beside them',
      () => served.client.info(),
      ({ events }) => events === 10,
    );
    await eventually(
      'what was sent is removed',
      () => filesIn(join(data, 'uploads')),
      (left) => left.length === 0,
    );
    await truncate(good, 1000);
    const damaged = await serving(good);
    await eventually(
      'the command says it too',
      () => damaged.stderr(),
      (said) => /good\.hwcap is not a whole capture file.*Ask for the file again/.test(said),
    );
    await expect(headwater('traces', good, '--json')).rejects.toMatchObject({
      stderr: expect.stringMatching(/not a whole capture file.*Ask for the file again/) as string,
    });
  });

  it('hold nothing of what was masked, nor does any file of the store', async () => {
    const dir = await temporaryDir();
    const secrets = ['ann@example.com', '4111-1111-1111-1111', 'tok3n-geheim', 'Hauptstraße 5'];
    const [email, card, token, street] = secrets;
    const message = (n: number, more: object) => ({
      kind: 'message',
      system: 'rabbitmq',
      channel: 'orders',
      time: at(n),
      headers: { Authorization: `Bearer ${token}`, customer: `of ${email}` },
      key: email,
      routingKey: `mail.${email}`,
      ...more,
    });
    const unreadable = { headers: {}, routingKey: 'mail' };
    const order = { orderId: 'ord-77-x', customer: { email, address: { street } }, items: [{ card }] };
    const lines = await writeLines(join(dir, 'lines.ndjson'), [
      message(1, { payload: order }),
      message(2, { id: `mail-${email}`, payload: { Type: 'Notification', Message: JSON.stringify(order) } }),
      message(3, {
        payload: {
          specversion: '1.0',
          id: '1',
          data_base64: Buffer.from(JSON.stringify(order)).toString('base64'),
        },
      }),
      message(4, { ...unreadable, payloadText: `not JSON, but of ${email} with ${card}` }),
      message(5, {
        ...unreadable,
        payloadBase64: Buffer.from(`\u0000\u00ff${email}${card}`, 'latin1').toString('base64'),
      }),
    ]);
    const mask = {
      fields: ['customer.email', '*.street', 'items[].card', '$key'],
      headers: ['authorization'],
    };
    const flags = [...mask.fields.flatMap((field) => ['--mask', field]), '--mask-header', 'authorization'];

    const masked = join(dir, 'masked.hwcap');
    await headwater('import', ...flags, lines, '-o', masked);
    const open = await serving(lines);
    await whole(open);
    const later = await save(open, dir, mask);

    const data = join(dir, 'data');
    const store = await temporaryHeadwater(data);
    const cookie = await logIn(store.url);
    await fetch(`${store.origin}/files`, {
      method: 'POST',
      headers: { cookie, origin: store.origin, 'x-file-name': 'masked.hwcap' },
      body: await readFile(masked),
    });
    const seen = await whole(store);
    expect(seen.recorded).toBe(5);
    expect(seen.events.some(({ problems }) => problems.join().includes('withheld'))).toBe(true);
    // The mask takes values, not the order that they belong to.
    expect(seen.traces.some(({ keys }) => keys.some(({ value }) => value === 'ord-77-x'))).toBe(true);
    expect(JSON.stringify(seen)).toContain('[masked]');
    await store.stop();

    const exported: string[] = [];
    for (const [index, capture] of [masked, later.path].entries())
      for (const format of ['ndjson', 'csv']) {
        const out = join(dir, `out-${index}.${format}`);
        await headwater('export', capture, '--format', format, '-o', out);
        exported.push(out);
      }
    for (const file of [masked, later.path, ...exported, ...(await filesIn(data))]) {
      const content = await readFile(file);
      for (const secret of secrets) {
        const utf8 = Buffer.from(secret);
        for (const shape of [
          secret,
          JSON.stringify(secret).slice(1, -1),
          utf8.toString('hex'),
          utf8.toString('base64').replace(/.{2}=*$/, ''),
          createHash('sha1').update(secret).digest('base64url'),
        ])
          expect(content.includes(shape), `${shape} in ${file}`).toBe(false);
      }
    }
  });
});
