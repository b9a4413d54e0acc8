import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { eventually } from './support/eventually.ts';
import { command, logIn, startHeadwater, type Headwater } from './support/headwater.ts';
import { temporaryDir, temporaryHeadwater } from './support/temporary.ts';

const run = promisify(execFile);
const at = (ms: number) => new Date(Date.UTC(2026, 2, 1, 10) + ms).toISOString();

const placed = (order: string, ms: number) => ({
  ...{ kind: 'message', id: `${order}-placed`, system: 'kafka', channel: 'orders', time: at(ms) },
  ...{ producer: 'storefront', payload: { eventType: 'OrderPlaced', orderId: order, customerId: 'cu-7701' } },
});
const step = (order: string, name: string, channel: string, ms: number, producer: string) => ({
  ...{ kind: 'message', id: `${order}-${name}`, system: 'kafka', channel, time: at(ms), producer },
  payload: { eventType: name, orderId: order },
});
const lines = [
  { kind: 'subscription', system: 'kafka', channel: 'orders', consumer: 'payments' },
  { kind: 'subscription', system: 'kafka', channel: 'payments', consumer: 'shipping' },
  placed('ord-1001', 0),
  step('ord-1001', 'Charged', 'payments', 200, 'payments'),
  step('ord-1001', 'Shipped', 'shipments', 900, 'shipping'),
  placed('ord-1002', 5_000),
];

async function link({ client }: Headwater, from: string, to: string) {
  const { links } = await client.events.get({ id: to });
  const found = links.find((each) => each.from === from && each.to === to);
  return found && { evidence: found.evidence, confidence: found.confidence };
}

const idle = async ({ client }: Headwater) =>
  eventually(
    'the file is read',
    () => client.connections.list(),
    (all) => all.some(({ phase }) => phase === 'done'),
  );

async function upload({ origin, url }: Headwater, body: string): Promise<void> {
  const headers = { cookie: await logIn(url), origin, 'x-file-name': 'shop.ndjson' };
  expect((await fetch(`${origin}/files`, { method: 'POST', headers, body })).status).toBe(200);
}

/** Saves a capture and fetches it as a browser does. */
async function saved({ client, origin, url }: Headwater, path: string): Promise<string> {
  const { id } = await client.captures.save({ name: 'edited', mask: { fields: [], headers: [] } });
  await eventually(
    'the capture is written',
    () => client.captures.list(),
    ([job]) => job?.state === 'done',
  );
  const answer = await fetch(`${origin}/captures/${id}`, { headers: { cookie: await logIn(url) } });
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  return path;
}

it('what the user says of links shows at once, and after a restart, in a capture, and for the command', async () => {
  const dir = await temporaryDir();
  const data = join(dir, 'data');
  const first = await startHeadwater(['--data', data, '--port', '0']);
  await upload(first, lines.map((line) => JSON.stringify(line)).join('\n'));
  await idle(first);
  const { client } = first;
  expect(await link(first, 'ord-1001-placed', 'ord-1001-Charged')).toEqual({
    evidence: 'key-and-time',
    confidence: 0.8,
  });

  const guess = await client.links.explain({ a: 'ord-1001-placed', b: 'ord-1001-Charged' });
  expect(guess).toMatchObject({
    link: { evidence: 'key-and-time', confidence: 0.8 },
    values: [{ name: 'orderId', value: 'ord-1001', ties: true, from: { path: 'orderId' } }],
    reasons: expect.arrayContaining([expect.stringContaining('payments reads orders')]),
  });
  const apart = await client.links.explain({ a: 'ord-1001-Shipped', b: 'ord-1002-placed' });
  expect(apart).toMatchObject({
    answer: expect.stringContaining('orderId=ord-1002'),
    together: { same: false },
  });
  expect(apart.link).toBeUndefined();
  expect(await client.links.membership({ event: 'ord-1001-Shipped', trace: 't1' })).toMatchObject({
    ...{ how: 'joined', answer: 'It carries orderId=ord-1001, as do 2 other events of this trace.' },
  });
  await expect(client.links.explain({ a: 'ord-1001-placed', b: 'nowhere' })).rejects.toThrow(
    /not in the store/,
  );
  await expect(client.links.edit({ from: 'a', to: 'a', action: 'add' })).rejects.toThrow(/this is one/);

  await client.links.edit({ from: 'ord-1001-placed', to: 'ord-1001-Charged', action: 'confirm' });
  await client.links.edit({ from: 'ord-1001-Charged', to: 'ord-1001-Shipped', action: 'cut' });
  await client.links.edit({ from: 'ord-1001-Shipped', to: 'ord-1002-placed', action: 'add' });

  const asSaid = async (served: Headwater) => {
    expect(await link(served, 'ord-1001-placed', 'ord-1001-Charged')).toEqual({
      evidence: 'user',
      confidence: 1,
    });
    expect(await link(served, 'ord-1001-Charged', 'ord-1001-Shipped')).toBeUndefined();
    expect(await link(served, 'ord-1001-Shipped', 'ord-1002-placed')).toEqual({
      evidence: 'user',
      confidence: 1,
    });
    const { rows } = await served.client.traces.list({ query: '', limit: 10, offset: 0 });
    expect(rows.map(({ events }) => events)).toEqual([4]);
  };
  await asSaid(first);
  // As a power cut would end it.
  await first.kill();

  const second = await temporaryHeadwater(data);
  await asSaid(second);
  const capture = await saved(second, join(dir, 'edited.hwcap'));

  const third = await startHeadwater(['--data', join(dir, 'other'), '--port', '0', capture]);
  try {
    await idle(third);
    await asSaid(third);
    const cut = await third.client.links.explain({ a: 'ord-1001-Charged', b: 'ord-1001-Shipped' });
    expect(cut).toMatchObject({ edit: 'cut', answer: expect.stringContaining('You cut this link') });
    expect(await third.client.events.get({ id: 'ord-1001-Shipped' })).toMatchObject({
      cut: [{ from: 'ord-1001-Charged', to: 'ord-1001-Shipped', other: { id: 'ord-1001-Charged' } }],
    });
    await third.client.links.edit({ from: 'ord-1001-Shipped', to: 'ord-1002-placed', action: 'undo' });
    await third.client.links.edit({ from: 'ord-1001-Charged', to: 'ord-1001-Shipped', action: 'undo' });
    expect(await link(third, 'ord-1001-Charged', 'ord-1001-Shipped')).toMatchObject({
      evidence: 'key-and-time',
    });
    expect((await third.client.traces.list({ query: '', limit: 10, offset: 0 })).total).toBe(2);
  } finally {
    await third.stop();
  }

  const { stdout } = await run(process.execPath, [command, 'traces', capture, '--json']);
  const [trace] = JSON.parse(stdout) as { links: object[] }[];
  expect(trace?.links).toContainEqual({
    ...{ from: 'ord-1001-Shipped', to: 'ord-1002-placed', evidence: 'user', confidence: 1 },
  });
  const exported = join(dir, 'edited.ndjson');
  await run(process.execPath, [command, 'export', capture, '-o', exported]);
  const again = await run(process.execPath, [command, 'traces', exported, '--json']);
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(stdout));
});
