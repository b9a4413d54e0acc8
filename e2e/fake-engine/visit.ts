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
  /** The same page, with another engine at the same address; `away` runs while there is none. */
  restart(options: Partial<FakeEngineOptions>, away?: () => Promise<unknown>): Promise<void>;
  /** Another page, of a browser that differs. */
  newPage(options: BrowserContextOptions): Promise<void>;
}

/** Opens a page for each test of a suite, and closes it. */
export function visitEach(
  options: BrowserContextOptions = {},
  engineOptions: Partial<FakeEngineOptions> = {},
): Visit {
  let browser: Browser;
  let engine: FakeEngine;
  let page: Page;
  let errors: string[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  async function newPage(differs: BrowserContextOptions): Promise<void> {
    errors = [];
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
      ...differs,
    });
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
  }

  beforeEach(async () => {
    engine = await startFakeEngine({ port: 0, ...engineOptions });
    await newPage({});
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
    newPage,
    async restart(differs, away) {
      const { port } = engine;
      await engine.close();
      await away?.();
      engine = await startFakeEngine({ port, ...engineOptions, ...differs });
    },
  };
}

/** Waits until it is on the page. */
export const expectShown = (what: Locator): Promise<void> => what.waitFor();
