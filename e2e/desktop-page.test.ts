import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannel as NodeChannel } from 'node:worker_threads';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DesktopBridge, EngineState, PageCommand } from '../app/contract/desktop.ts';
import { findBrowser, openBrowser } from './fake-engine/browser.ts';
import { fakeRouter } from './fake-engine/router.ts';
import { startFakeEngine } from './fake-engine/server.ts';
import type { FakeEngine } from './fake-engine/server.ts';
import { World } from './fake-engine/world.ts';

/** What the page's side of the double leaves on its window. */
interface Double {
  headwater: DesktopBridge;
  /** The port's other end, carried to this process. */
  toEngine(data: unknown): void;
  fromEngine(data: unknown): void;
  noted(what: string): void;
  tell(state: EngineState): void;
  menu(command: PageCommand): void;
}

/** The built page in a real browser, with the desktop shell's bridge before it and a port to a made-up engine. */
describe.skipIf(findBrowser() === undefined)('the page in the desktop shell (needs a Chromium)', () => {
  let browser: Browser;
  let server: FakeEngine;
  let page: Page;
  let notes: string[];
  let errors: string[];
  let stop: (() => void) | undefined;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    notes = [];
    errors = [];
    // It serves the page only; a socket that the page opens counts as an error.
    server = await startFakeEngine({ port: 0, empty: true });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('websocket', ({ url }) => errors.push(`opened ${url()}`));
    await page.exposeFunction('noted', (what: string) => notes.push(what));
    await serveByPort(page);
    await page.addInitScript(bridgeDouble);
  });
  afterEach(async () => {
    stop?.();
    await page.context().close();
    await server.close();
  });

  /** A made-up engine at the other end of whatever port the page holds. */
  async function serveByPort(to: Page): Promise<void> {
    const { port1, port2 } = new NodeChannel();
    new RPCHandler(fakeRouter(new World({ empty: false, traces: 20 }, Date.now())).router).upgrade(port2);
    await to.exposeFunction('toEngine', (data: unknown) => port1.postMessage(data));
    port1.on('message', (data: unknown) => {
      // A page that is being closed misses it, as it would miss any answer.
      to.evaluate((given) => (window as unknown as Double).fromEngine(given), data).catch(() => undefined);
    });
    stop = () => port1.close();
  }
  const tell = (state: EngineState) =>
    page.evaluate((given) => (window as unknown as Double).tell(given), state);
  const menu = (command: PageCommand) =>
    page.evaluate((given) => (window as unknown as Double).menu(given), command);
  const expectShown = (what: Locator) => what.waitFor();
  const row = (key: string) => page.getByRole('row', { name: new RegExp(`^${key}`) });

  test('talks to the engine by its port alone, and again after a reload', async () => {
    await page.goto(`${server.url}/traces`);
    await expectShown(row('orderId=12345'));
    await page.reload();
    await expectShown(row('orderId=12345'));
    expect(errors).toEqual([]);
  });

  test('says that the engine is started again and why, and takes a new port when it is', async () => {
    await page.goto(`${server.url}/traces`);
    await expectShown(row('orderId=12345'));
    await tell({ phase: 'restarting', message: 'The engine stopped unexpectedly (exit code 9).' });
    await expectShown(page.getByText('exit code 9'));
    await tell({ phase: 'running' });
    await page.getByText('exit code 9').waitFor({ state: 'detached' });
    const ports = () => notes.filter((note) => note === 'port').length;
    await expect.poll(ports).toBe(2);
    await row('orderId=12345').click();
    await page.waitForURL('**/traces/order');
    expect(errors).toEqual([]);
  });

  test('follows the menus that it offers, and the frame its theme', async () => {
    await page.goto(`${server.url}/traces`);
    await expectShown(row('orderId=12345'));
    await menu('find');
    await expectShown(page.locator('input[type=search]:focus'));
    await menu('new-connection');
    await page.waitForURL('**/connections/new');
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await theme()).toBeUndefined();
    await menu('toggle-theme');
    expect(await theme()).toBe('dark');
    await menu('toggle-theme');
    expect(await theme()).toBe('light');
    await menu('show-traces');
    await page.waitForURL('**/traces');
    expect(notes.filter((note) => note.startsWith('theme'))).toEqual([
      'theme system',
      'theme dark',
      'theme light',
    ]);
  });

  test('hands a dropped file over by the bridge, and shows what stands against one', async () => {
    await page.goto(`${server.url}/connections`);
    await expectShown(page.getByRole('navigation', { name: 'Views' }));
    const drop = async (name: string): Promise<void> => {
      const dataTransfer = await page.evaluateHandle((given) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['{}'], given));
        return transfer;
      }, name);
      await page.dispatchEvent('#view', 'drop', { dataTransfer });
    };
    await drop('missing.ndjson');
    await expectShown(page.getByText('There is no file missing.ndjson.'));
    await drop('orders.ndjson');
    await page.waitForURL('**/traces');
    expect(notes.filter((note) => note.startsWith('file'))).toEqual([
      'file missing.ndjson',
      'file orders.ndjson',
    ]);
    expect(errors).toEqual([]);
  });
});

/** Runs in the page before its scripts, as the preload does. */
function bridgeDouble(): void {
  const here = window as unknown as Double;
  const followers = new Set<(state: EngineState) => void>();
  let state: EngineState = { phase: 'running' };
  let port: MessagePort | undefined;
  let waiting = false;
  const handOver = (): void => {
    waiting = false;
    here.noted('port');
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port1.addEventListener('message', ({ data }) => here.toEngine(data));
    port1.start();
    window.postMessage('headwater:port', location.origin, [port2]);
  };
  here.fromEngine = (data) => port?.postMessage(data);
  here.tell = (next) => {
    state = next;
    for (const follower of followers) follower(next);
    if (waiting && next.phase === 'running') handOver();
  };
  here.headwater = {
    requestPort() {
      waiting = true;
      if (state.phase === 'running') handOver();
    },
    openFile(file) {
      here.noted(`file ${file.name}`);
      if (!file.name.startsWith('missing')) return Promise.resolve({ id: 'f1' });
      const message = `There is no file ${file.name}.`;
      return Promise.resolve({ problem: { code: 'no-file', message, remedy: 'Look for it.' } });
    },
    showTheme: (theme) => here.noted(`theme ${theme}`),
    onEngine(listener) {
      followers.add(listener);
      listener(state);
      return () => followers.delete(listener);
    },
    followCommands(_offered, listener) {
      here.menu = listener;
      return () => undefined;
    },
  };
}
