import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { EventEmitter } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type engineHost, shellHost } from '../contract/host.ts';
import type { page } from '../contract/page.ts';
import { serveShell } from './shell-host.ts';

const secret = 'correct-horse-9';
const nowhere = `redis://me:${secret}@127.0.0.1:1/0`;

/** The engine as its own process serves it to the shell, over ports of Node's. */
describe('the engine under the desktop shell', { timeout: 60_000 }, () => {
  let dir: string;
  let ports: MessagePort[];
  let stop: () => Promise<void>;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headwater-shell-host-'));
    ports = [];
  });
  afterEach(async () => {
    await stop();
    for (const port of ports) port.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function start({ hasKeyStore = true } = {}) {
    const parent = new EventEmitter();
    serveShell(parent);
    const handOver = (kind: 'host' | 'page', ends: MessagePort[]) =>
      parent.emit('message', { data: { kind }, ports: ends });
    const open = () => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      return { port1, port2 };
    };

    const os = implement(shellHost);
    const warnings: string[] = [];
    const shell = os.router({
      seal: os.seal.handler(({ input: { text } }) => {
        if (!hasKeyStore) throw new Error('no key store of the system answers here');
        return { sealed: Buffer.from(`sealed ${text}`).toString('hex') };
      }),
      unseal: os.unseal.handler(({ input: { sealed } }) => ({
        text: Buffer.from(sealed, 'hex').toString().slice('sealed '.length),
      })),
      warn: os.warn.handler(({ input }) => void warnings.push(input.message)),
    });
    const [up, down] = [open(), open()];
    new RPCHandler(shell).upgrade(down.port1);
    handOver('host', [up.port2, down.port2]);
    const engine: ContractRouterClient<typeof engineHost> = createORPCClient(new RPCLink({ port: up.port1 }));
    stop = () => engine.stop();

    /** A page, as the preload hands it its port. */
    const openPage = () => {
      const { port1, port2 } = open();
      handOver('page', [port2]);
      const client: ContractRouterClient<typeof page> = createORPCClient(new RPCLink({ port: port1 }));
      return client;
    };
    return { engine, openPage, warnings };
  }

  it('serves pages over their ports, one that came before it was ready too', async () => {
    const { engine, openPage } = await start();
    const early = openPage();
    const info = early.info();
    expect(await engine.start({ dir })).toEqual({ version: expect.any(String) as string });
    expect(await info).toMatchObject({ events: 0, connections: 0 });
    expect((await openPage().info()).instance).toBe((await info).instance);
    const wrong: unknown = await openPage()
      .traces.get({ id: 'none' })
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('reads a file by its path, and says when there is none', async () => {
    const { engine, openPage } = await start();
    await engine.start({ dir });
    const path = join(dir, 'one.ndjson');
    const time = '2026-03-01T10:00:00Z';
    await writeFile(
      path,
      `${JSON.stringify({ kind: 'message', system: 'kafka', channel: 'orders', time, payload: { orderId: '7' } })}\n`,
    );
    const { id } = await engine.openFile({ path });
    const client = openPage();
    await vi.waitFor(
      async () => {
        const file = (await client.connections.list()).find((each) => each.id === id);
        expect(file).toMatchObject({ name: 'one.ndjson', phase: 'done', events: 1 });
      },
      { timeout: 20_000 },
    );
    await expect(engine.openFile({ path: join(dir, 'none.ndjson') })).rejects.toThrow(/There is no file/);
    expect(await readFile(path, 'utf8')).toContain('orderId');
  });

  it('refuses a store that is open elsewhere with the store’s own sentence', async () => {
    const first = await start();
    await first.engine.start({ dir });
    const stopFirst = stop;
    const second = await start();
    await expect(second.engine.start({ dir })).rejects.toThrow(/is open in process/);
    await stop();
    stop = stopFirst;
  });

  it('needs no password again after a restart, and holds none in clear text', async () => {
    const input = { name: 'cache', url: nowhere, channels: 'all', from: 'latest' } as const;
    const first = await start();
    await first.engine.start({ dir });
    const { id } = await first.openPage().connections.add(input);
    expect(await first.openPage().connections.list()).toMatchObject([
      { id, needsSecret: false, secretIn: 'key-store' },
    ]);
    await stop();

    const second = await start();
    await second.engine.start({ dir });
    const shown = await second.openPage().connections.list();
    expect(shown).toMatchObject([{ id, needsSecret: false, secretIn: 'key-store' }]);
    expect(
      JSON.stringify([shown, await second.openPage().info(), first.warnings, second.warnings]),
    ).not.toContain(secret);
    expect(await filesWith(dir, secret)).toEqual([]);
    await second.openPage().connections.remove({ id });
    expect(await readFile(join(dir, 'secrets.json'), 'utf8')).toBe('{}');
  });

  it('holds it in memory where there is no key store, says so, and asks again after a restart', async () => {
    const input = {
      name: 'cache',
      url: `redis://:${secret}@127.0.0.1:1/0`,
      channels: 'all',
      from: 'latest',
    } as const;
    const first = await start({ hasKeyStore: false });
    await first.engine.start({ dir });
    await first.openPage().connections.add(input);
    expect(await first.openPage().connections.list()).toMatchObject([
      { needsSecret: false, secretIn: 'memory' },
    ]);
    await vi.waitFor(() => expect(first.warnings.join()).toContain('held in memory only'));
    await stop();

    const second = await start({ hasKeyStore: false });
    await second.engine.start({ dir });
    expect(await second.openPage().connections.list()).toMatchObject([{ needsSecret: true }]);
    expect(await filesWith(dir, secret)).toEqual([]);
  });
});

/** Files of the folder that hold the text. */
async function filesWith(dir: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}
