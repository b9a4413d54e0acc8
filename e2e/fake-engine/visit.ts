import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openBrowser } from './browser.ts';
import { startFakeEngine } from './server.ts';
import type { FakeEngine, FakeEngineOptions } from './server.ts';

/** The built page in a browser, with a made-up engine of its own for each test. */
export interface Visit {
  readonly page: Page;
  readonly engine: FakeEngine;
  /** Errors of the page, violations of the content security policy among them. */
  readonly errors: readonly string[];
  open(path: string): Promise<unknown>;
  /** The same page, with another engine at the same address. */
  restart(options: Partial<FakeEngineOptions>): Promise<void>;
}

/** Opens a page for each test of a suite, and closes it. */
export function visitEach(options: BrowserContextOptions = {}): Visit {
  let browser: Browser;
  let engine: FakeEngine;
  let page: Page;
  let errors: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    engine = await startFakeEngine({ port: 0 });
    errors = [];
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
  });
  afterEach(async () => {
    await page.context().close();
    await engine.close();
  });
  return {
    get page() {
      return page;
    },
    get engine() {
      return engine;
    },
    get errors() {
      return errors;
    },
    open: (path) => page.goto(engine.url + path),
    async restart(differs) {
      const { port } = engine;
      await engine.close();
      engine = await startFakeEngine({ port, ...differs });
    },
  };
}

/** Waits until it is on the page. */
export const expectShown = (what: Locator): Promise<void> => what.waitFor();
