import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { dataFolder } from './data-folder.ts';
import { hindrance, startDesktop, type Desktop } from './support.ts';

/** The desktop app in a real Electron, as a user starts it. */
describe('the desktop app', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let desktop: Desktop | undefined;

  beforeEach(async (context) => {
    if (hindrance !== undefined) return context.skip(hindrance);
    folder = await dataFolder();
  });
  afterEach(async () => {
    await desktop?.app.close();
    desktop = undefined;
    if (hindrance === undefined) await folder.remove();
  });

  const start = async (files?: readonly string[]): Promise<Desktop> => {
    desktop = await startDesktop(folder.path, files);
    return desktop;
  };
  const expectShown = (what: Locator) => what.waitFor();
  const orders = async (): Promise<string> => {
    const path = join(folder.path, 'orders.ndjson');
    const time = '2026-03-01T10:00:00Z';
    const message = {
      kind: 'message',
      system: 'kafka',
      channel: 'orders',
      time,
      payload: { orderId: '12345' },
    };
    await writeFile(path, `${JSON.stringify(message)}\n`);
    return path;
  };

  test('welcomes a newcomer in one window, whose page has no Node', async () => {
    const { app, page } = await start();
    await expectShown(page.getByRole('button', { name: 'Connect to a broker' }));
    expect(app.windows()).toHaveLength(1);
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as Record<string, unknown>)['require'],
      process: typeof (globalThis as Record<string, unknown>)['process'],
      bridge: Object.keys((globalThis as Record<string, unknown>)['headwater'] ?? {}).toSorted(),
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      bridge: ['followCommands', 'onEngine', 'openFile', 'requestPort', 'showTheme'],
    });
  });

  test('has the content security policy of the served page, and reaches no network', async () => {
    const asked: string[] = [];
    const outside = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('access-control-allow-origin', '*').end('reached');
    });
    await once(outside.listen(0, '127.0.0.1'), 'listening');
    const { page } = await start();
    const policy = await page.evaluate(
      async (port) => {
        await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
        return (await fetch('/')).headers.get('content-security-policy');
      },
      (outside.address() as AddressInfo).port,
    );
    outside.close();
    expect(policy).toContain("default-src 'self'");
    expect(asked).toEqual([]);
  });

  test('stays at its address', async () => {
    const { app, page } = await start();
    await page.evaluate(() => {
      window.open('headwater://app/traces');
      location.href = 'http://127.0.0.1:9/';
    });
    await expectShown(page.getByRole('navigation', { name: 'Views' }));
    expect(page.url()).toMatch(/^headwater:\/\/app\//);
    expect(app.windows()).toHaveLength(1);
  });

  test('opens a file that it was started with, and the page reloads onto a new port', async () => {
    const { page } = await start([await orders()]);
    await expectShown(page.getByRole('row', { name: /^orderId=12345/ }));
    await page.reload();
    await expectShown(page.getByRole('row', { name: /^orderId=12345/ }));
  });

  test('takes the file of a second start, which ends at once', async () => {
    const { app, page } = await start();
    const [program, ...args] = [
      await app.evaluate(() => process.execPath),
      join(import.meta.dirname, '..', '..'),
      await orders(),
    ];
    const env = { ...process.env, HEADWATER_DATA: folder.path };
    const second = spawn(program, args, { env, stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    await expectShown(page.getByRole('row', { name: /^orderId=12345/ }));
  });

  test('starts its engine again when that is killed, and the page comes back', async () => {
    const { app, page } = await start([await orders()]);
    await expectShown(page.getByRole('row', { name: /^orderId=12345/ }));
    const pid = await app.evaluate(
      ({ app: main }) => main.getAppMetrics().find(({ name }) => name === 'Headwater engine')?.pid,
    );
    if (pid === undefined) throw new Error('The engine has no process of its own.');
    process.kill(pid, 'SIGKILL');
    await expectShown(page.getByText('The engine is not running'));
    await page.getByText('The engine is not running').waitFor({ state: 'detached' });
    await expectShown(page.getByRole('row', { name: /^orderId=12345/ }));
  });

  test('shows a page to reload from when its page crashes', async () => {
    const { app, page } = await start();
    await expectShown(page.getByRole('button', { name: 'Connect to a broker' }));
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    const address = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
    await eventually('the page to reload from', address, (url) => url?.includes('/shell/gone') === true);
  });

  test('lets menus act on the page', async () => {
    const { app, page } = await start();
    await expectShown(page.getByRole('button', { name: 'Connect to a broker' }));
    const hasItem = () =>
      app.evaluate(({ Menu }) => Boolean(Menu.getApplicationMenu()?.getMenuItemById('new-connection')));
    await eventually('the menu that the page offers', hasItem);
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('new-connection')?.click());
    await page.waitForURL('headwater://app/connections/new');
  });

  test('remembers its window, and ends with nothing left open', async () => {
    const { app } = await start();
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1000, height: 700 }),
    );
    await app.close();
    desktop = undefined;
    const kept = JSON.parse(await readFile(join(folder.path, 'shell', 'window.json'), 'utf8')) as object;
    expect(kept).toMatchObject({ width: 1000, height: 700 });
    expect(existsSync(join(folder.path, 'store', 'lock'))).toBe(false);
  });

  test('needs no password again after a restart where the system keeps it, and writes none in clear text', async () => {
    const secret = 'correct-horse-9';
    const { app, page } = await start();
    await page.evaluate(() => {
      history.pushState(null, '', '/connections/new');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.getByLabel('URL').fill(`redis://me:${secret}@127.0.0.1:9/0`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expectShown(page.getByRole('article'));
    const keeps = await app.evaluate(
      async ({ safeStorage }) =>
        (await safeStorage.isAsyncEncryptionAvailable()) &&
        (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'),
    );
    await app.close();
    for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      expect([path, (await readFile(path)).includes(secret)]).toEqual([path, false]);
    }
    const again = await start();
    await expectShown(again.page.getByRole('navigation', { name: 'Views' }));
    await again.page.evaluate(() => {
      history.pushState(null, '', '/connections');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await expectShown(again.page.getByRole('article'));
    expect(await again.page.getByLabel('Password').count()).toBe(keeps ? 0 : 1);
  });
});
