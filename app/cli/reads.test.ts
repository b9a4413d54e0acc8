import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const command = new URL('headwater.mjs', import.meta.url).pathname;

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let dir = '';
let sample = '';

function headwater(args: readonly string[], input?: string): Promise<Result> {
  return new Promise((resolve) => {
    const env = { ...process.env, TMPDIR: dir };
    const child = execFile(process.execPath, [command, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
    child.stdin?.end(input ?? '');
  });
}

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString();
const lines = [
  {
    ...{
      kind: 'message',
      id: 'm1',
      system: 'kafka',
      cluster: 'prod',
      channel: 'orders',
      partition: 3,
      offset: '1042',
    },
    ...{ time: at(0), key: '12345', headers: { 'correlation-id': 'c-9' }, producer: 'storefront' },
    payload: { eventType: 'OrderCreated', data: { orderId: '12345' } },
  },
  {
    ...{ kind: 'message', id: 'm2', system: 'rabbitmq', cluster: 'prod', channel: 'payments', time: at(1) },
    ...{ routingKey: 'payment.requested', headers: { 'causation-id': 'm1' }, channelKind: 'exchange' },
    ...{ properties: { message_id: 'p-7', correlation_id: 'c-9' }, payload: { orderId: '12345' } },
  },
  {
    kind: 'delivery',
    message: 'm1',
    consumer: 'payments',
    time: at(1),
    status: 'acknowledged',
    evidence: 'span',
  },
  { kind: 'subscription', system: 'kafka', cluster: 'prod', channel: 'orders', consumer: 'payments' },
  {
    ...{
      kind: 'message',
      id: 'z1',
      system: 'redis',
      channel: 'shipments',
      offset: '1795414165291-0',
      time: at(90),
    },
    payload: { orderId: '99' },
  },
  // Each system was heard of until then: what is 30 s older is complete.
  { kind: 'coverage', system: 'rabbitmq', channel: 'x', channelKind: 'queue', to: at(90), state: 'read' },
  {
    kind: 'coverage',
    system: 'kafka',
    cluster: 'prod',
    channel: 'orders',
    from: at(0),
    to: at(90),
    state: 'read',
  },
];
const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-cli-'));
  sample = join(dir, 'shop.ndjson');
  await writeFile(sample, text);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What the command left in the folder for temporary files. */
const leftBehind = async (): Promise<string[]> =>
  (await readdir(dir)).filter((name) => /^\.?headwater-/.test(name));

describe('the command on a file', { timeout: 60_000 }, () => {
  test('traces --json prints the traces and nothing else, newest first', async () => {
    const { code, out } = await headwater(['traces', sample, '--json']);
    expect(code).toBe(0);
    const traces = JSON.parse(out) as { events: { id: string }[] }[];
    expect(traces.map((trace) => trace.events.map((event) => event.id))).toEqual([['z1'], ['m1', 'm2']]);
    expect(traces[1]).toMatchObject({
      status: 'complete',
      start: at(0),
      events: [{ system: 'kafka', channel: 'orders', producer: 'storefront' }, { system: 'rabbitmq' }],
      links: [{ from: 'm1', to: 'm2', confidence: 1 }],
    });
    expect(await leftBehind()).toEqual([]);
  });

  test('reports a bad line with its number on standard error, and reads the rest from standard input', async () => {
    const { code, out, err } = await headwater(['traces', '-', '--json', '--limit', '1'], `{bad\n${text}`);
    expect(code).toBe(0);
    expect(err).toContain('standard input, line 1: not valid JSON');
    expect(JSON.parse(out)).toHaveLength(1);
  });

  test('an event that comes again is the same event', async () => {
    const { out } = await headwater(['traces', '-', '--json'], text + text);
    expect((JSON.parse(out) as { events: unknown[] }[]).map((trace) => trace.events.length)).toEqual([1, 2]);
  });

  test('trace finds by key and by id, and prints text, JSON or a diagram', async () => {
    const [byKey, byEvent, asText, diagram] = await Promise.all([
      headwater(['trace', sample, '--key', 'orderId=12345', '--format', 'json']),
      headwater(['trace', sample, '--id', 'm2', '--json']),
      headwater(['trace', sample, '--key', '12345']),
      headwater(['trace', sample, '--key', 'orderId=12345', '--format', 'mermaid']),
    ]);
    expect(JSON.parse(byKey.out)).toMatchObject({
      events: [{ id: 'm1' }, { id: 'm2' }],
      deliveries: [{ message: 'm1', consumer: 'payments', status: 'acknowledged' }],
    });
    expect(JSON.parse(byEvent.out)).toEqual(JSON.parse(byKey.out));
    expect(asText.out).toMatch(/OrderCreated +kafka orders\/3 +storefront/);
    expect(asText.out).toContain('✓ payments acknowledged after 1.0 s');
    expect(diagram.out).toMatch(/^sequenceDiagram\n/);
  });

  test('an order that a consumer has in hand is stuck', async () => {
    const handed = { kind: 'delivery', message: 'm1', consumer: 'shipping', time: at(2), status: 'pending' };
    const later = { kind: 'message', system: 'kafka', channel: 'other', time: at(60), payload: {} };
    const file = [...lines, handed, later].map((line) => JSON.stringify(line)).join('\n');
    const { out } = await headwater(['traces', '-', '--json', '--query', 'status:stuck'], file);
    expect(JSON.parse(out)).toMatchObject([{ status: 'stuck', pending: { consumer: 'shipping' } }]);
    const one = await headwater(['trace', '-', '--key', 'orderId=12345'], file);
    expect(one.out).toContain('stuck · ');
    expect(one.out).toContain('shipping was handed OrderCreated on orders at 2026-03-01T10:00:02.000Z');
  });

  test('topology --json names participants, channels and edges', async () => {
    const { out } = await headwater(['topology', sample, '--json']);
    const found = JSON.parse(out) as { participants: { name: string }[]; edges: { kind: string }[] };
    expect(found.participants.map((p) => p.name)).toEqual(['payments', 'storefront']);
    expect(found.edges.map((e) => e.kind).sort()).toEqual(expect.arrayContaining(['consumes', 'publishes']));
  });

  test('import and export give back what message lines can say', async () => {
    const capture = join(dir, 'shop.hwcap');
    const again = join(dir, 'again.ndjson');
    const capturedAgain = join(dir, 'again.hwcap');
    const thrice = join(dir, 'thrice.ndjson');
    expect(await headwater(['import', sample, '-o', capture])).toMatchObject({ code: 0, out: '' });
    expect(await headwater(['export', capture, '--format', 'ndjson', '-o', again])).toMatchObject({
      code: 0,
    });
    await headwater(['import', again, '-o', capturedAgain]);
    await headwater(['export', capturedAgain, '-o', thrice]);
    const exported = (await readFile(again, 'utf8')).trim().split('\n');
    expect(exported.map((line) => JSON.parse(line) as object)).toEqual(
      expect.arrayContaining(lines.map((line) => expect.objectContaining(line) as object)),
    );
    expect(exported).toHaveLength(lines.length);
    expect(await readFile(thrice, 'utf8')).toBe(await readFile(again, 'utf8'));
    const [fromLines, fromCapture] = await Promise.all([
      headwater(['traces', sample, '--json']),
      headwater(['traces', capture, '--json']),
    ]);
    expect(JSON.parse(fromCapture.out)).toEqual(JSON.parse(fromLines.out));
    expect(await leftBehind()).toEqual([]);
  });

  test('several files count as one', async () => {
    const unnamed = join(dir, 'unnamed.ndjson');
    const capture = join(dir, 'both.hwcap');
    await writeFile(unnamed, '{"kind":"message","system":"kafka","channel":"a","time":0}\n');
    const { code, out } = await headwater(['import', unnamed, unnamed, '-o', capture, '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, { file: capture, events: 2, deliveries: 0 }]);
  });

  test('exports tables', async () => {
    const csv = join(dir, 'events.csv');
    const parquet = join(dir, 'events.parquet');
    expect((await headwater(['export', sample, '--format', 'csv', '-o', csv])).code).toBe(0);
    expect((await headwater(['export', sample, '--format', 'parquet', '-o', parquet])).code).toBe(0);
    expect((await readFile(csv, 'utf8')).split('\n')[1]).toContain('2026-03-01 10:00:00');
    expect((await readFile(parquet)).subarray(0, 4).toString()).toBe('PAR1');
  });

  test.each([
    [1, ['traces', 'nowhere.ndjson'], 'There is no file nowhere.ndjson'],
    [1, ['trace', 'SAMPLE', '--key', 'orderId=0'], 'holds no trace with orderId=0'],
    [1, ['trace', 'SAMPLE', '--id', 'nope'], 'holds no trace nope'],
    [2, ['traces'], 'missing required argument'],
    [2, ['trace', 'SAMPLE'], 'either --key'],
    [2, ['trace', 'SAMPLE', '--key', 'a', '--format', 'svg'], 'Allowed choices are'],
    [2, ['traces', 'SAMPLE', '--limit', '-1'], 'limit'],
    [2, ['import', 'SAMPLE'], "required option '-o"],
    [3, ['traces', 'BAD'], 'holds nothing that can be read'],
    [3, ['import', 'SAMPLE', '-o', '/nowhere/at/all.hwcap'], 'There is no folder /nowhere/at'],
  ])('exits %i for %j', async (code, args, why) => {
    const bad = join(dir, 'bad.ndjson');
    await writeFile(bad, 'this is no message line\n');
    const result = await headwater(
      args.map((arg) => (arg === 'SAMPLE' ? sample : arg === 'BAD' ? bad : arg)),
    );
    expect([result.code, result.out]).toEqual([code, '']);
    expect(result.err).toContain(why);
    expect(await leftBehind()).toEqual([]);
  });
});

describe('a command that is ended early', { timeout: 60_000 }, () => {
  const many = Array.from({ length: 1_500 }, (_, n) =>
    JSON.stringify({
      ...{ kind: 'message', id: `p${n}`, system: 'kafka', channel: 'orders', time: at(n) },
      payload: { orderId: `ord-${n}`, note: 'x'.repeat(60) },
    }),
  ).join('\n');

  /** Runs a shell command whose reader goes away. */
  const shell = (script: string): Promise<Result> =>
    new Promise((resolve) => {
      const options = { env: { ...process.env, TMPDIR: dir, HW: `${process.execPath} ${command}` } };
      execFile('bash', ['-c', script], options, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });

  test('by its reader is silent and leaves no payloads behind', async () => {
    const file = join(dir, 'many.ndjson');
    const capture = join(dir, 'many.hwcap');
    await writeFile(file, many);
    expect((await headwater(['import', file, '-o', capture])).code).toBe(0);
    for (const args of [
      `traces ${file} --json`,
      `traces ${file}`,
      `export ${file} -o -`,
      `export ${capture} -o -`,
    ]) {
      const { code, err } = await shell(`$HW ${args} | head -c 100 >/dev/null; exit \${PIPESTATUS[0]}`);
      expect([args, code, err]).toEqual([args, 0, '']);
      expect(await leftBehind()).toEqual([]);
    }
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s leaves no payloads behind', async (signal) => {
    const child = spawn(process.execPath, [command, 'traces', '-'], {
      env: { ...process.env, TMPDIR: dir },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${many}\n`);
    await vi.waitUntil(async () => (await leftBehind()).length > 0, { timeout: 20_000, interval: 5 });
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([3, null]);
    expect(await leftBehind()).toEqual([]);
  });
});

describe('record', { timeout: 60_000 }, () => {
  const record = (url: string) =>
    headwater(['record', '--connection', url, '--for', '1ms', '-o', join(dir, 'none.hwcap')]);

  test.each(['http://127.0.0.1:9092', '127.0.0.1:9092', 'redis://127.0.0.1:1?odd=1'])(
    'is called wrongly with %s',
    async (url) => {
      const { code, err } = await record(url);
      expect(code).toBe(2);
      expect(err).toMatch(/[.]/);
      expect(await leftBehind()).toEqual([]);
    },
  );

  test.each(['kafka', 'amqp', 'rediss'])(
    'fails when %s finds something else at the port',
    async (protocol) => {
      const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const { code, err } = await record(`${protocol}://127.0.0.1:${port}`);
      server.close();
      expect(code).toBe(3);
      expect(err).toContain(`127.0.0.1:${port}`);
      expect(await readdir(dir)).not.toContain('none.hwcap');
    },
  );
});

describe('a wrong call', { timeout: 60_000 }, () => {
  test('of a command that is none lists those that there are', async () => {
    for (const args of [['findings', 'x'], ['findings'], ['findings', sample, '--json']]) {
      const { code, out, err } = await headwater(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/no command findings.*export, .*record, serve, /);
      expect(err).not.toContain("'serve'");
    }
    expect((await headwater(['nowhere.hwcap'])).code).toBe(1);
  });

  test('of a search that means nothing finds nothing', async () => {
    for (const query of ['status:bogus', 'after:soon', 'system:pulsar', 'orderId=']) {
      const { code, out, err } = await headwater(['traces', sample, '--query', query]);
      expect([query, code, out]).toEqual([query, 2, '']);
      expect(err.length).toBeGreaterThan(20);
    }
    expect((await headwater(['traces', sample, '--query', 'urn:order:7'])).code).toBe(0);
  });

  test.runIf(process.platform === 'linux')('of a data folder that cannot be says so', async () => {
    await writeFile(join(dir, 'file'), '');
    for (const data of ['/proc/x', '/proc', join(dir, 'file', 'x'), join(dir, 'file')]) {
      const { code, err } = await headwater(['serve', '--data', data, '--port', '0']);
      expect([data, code]).toEqual([data, 3]);
      expect(err).toMatch(/^headwater: The data folder .* cannot be used: .*--data\.\n$/);
    }
  });
});
