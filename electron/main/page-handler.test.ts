import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageHeaders } from '../../app/contract/page-headers.ts';
import { goneAddress } from './gone-page.ts';
import { createPageHandler } from './page-handler.ts';

const secret = 'not of the page';

describe('the page by the shell’s own protocol', () => {
  const outside = mkdtempSync(join(tmpdir(), 'headwater-page-'));
  const dir = join(outside, 'renderer');
  const capture = { name: 'order 12345 ü.hwcap', path: join(outside, 'saved.zip') };
  const handle = createPageHandler(dir, (id) => Promise.resolve(id === 'c/1' ? capture : undefined));
  const ask = (path: string, method = 'GET') => handle(new Request(`headwater://app${path}`, { method }));

  beforeAll(() => {
    mkdirSync(join(dir, 'assets'), { recursive: true });
    writeFileSync(join(dir, 'index.html'), '<title>Headwater</title>');
    writeFileSync(join(dir, 'assets', 'main.js'), 'start()');
    writeFileSync(join(outside, 'secret.json'), secret);
    mkdirSync(join(outside, 'renderer-too'));
    writeFileSync(join(outside, 'renderer-too', 'secret.json'), secret);
  });
  afterAll(() => rmSync(outside, { recursive: true }));

  it('serves files with their type, and every view as the one page', async () => {
    const script = await ask('/assets/main.js');
    expect(await script.text()).toBe('start()');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const views = ['/', '/traces?q=12345', '/traces/a.b', '/connections/new'];
    const pages = await Promise.all(views.map(async (view) => (await ask(view)).text()));
    expect(new Set(pages)).toEqual(new Set(['<title>Headwater</title>']));
    expect((await ask('/assets/gone.js')).status).toBe(404);
  });

  it('sends the same policy as the engine does to a browser, with every answer', async () => {
    for (const path of ['/', '/assets/main.js', '/assets/gone.js', goneAddress.page]) {
      const { headers } = await ask(path);
      for (const [name, value] of Object.entries(pageHeaders)) expect(headers.get(name)).toBe(value);
    }
    expect(pageHeaders['Content-Security-Policy']).not.toMatch(/unsafe|https?:|\*/);
  });

  it('never leaves its folder', async () => {
    const parts = fc.constantFrom(
      '..',
      '%2e%2e',
      '%2E.',
      '.',
      '',
      'assets',
      '%2f',
      '%5c',
      '..%2f..',
      '\\..',
      '%00',
    );
    const names = fc.constantFrom('secret.json', 'renderer-too/secret.json', 'etc/passwd');
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 8 }), names, async (way, name) => {
        const answer = await ask(`/${[...way, name].join('/')}`);
        expect(await answer.text()).not.toContain(secret);
      }),
    );
    for (const path of [
      '/..%2fsecret.json',
      '/%2e%2e/secret.json',
      '/..%2frenderer-too%2fsecret.json',
      '/%E0%A4%A',
    ])
      expect(await (await ask(path)).text()).toContain('<title>Headwater</title>');
  });

  it('answers to its own name only, and only to reading', async () => {
    expect((await handle(new Request('headwater://other/index.html'))).status).toBe(404);
    expect((await ask('/', 'POST')).status).toBe(405);
  });

  it('gives a capture that was saved as a download under its name', async () => {
    writeFileSync(capture.path, 'PK of the capture');
    const given = await ask('/captures/c%2F1');
    expect(given.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''order%2012345%20%C3%BC.hwcap",
    );
    expect(await given.text()).toBe('PK of the capture');
    for (const path of ['/captures/none', '/captures/', '/captures/%E0%A4%A', '/captures/..%2fsecret.json'])
      expect((await ask(path)).status).toBe(404);
  });

  it('has a page without scripts for when the page has crashed', async () => {
    const gone = await (await ask(goneAddress.page)).text();
    expect(gone).toContain('href="/"');
    expect(gone).not.toMatch(/<script|style=|onclick/);
    expect((await ask(goneAddress.style)).headers.get('content-type')).toContain('text/css');
  });

  it('says what to do where the page was not built', async () => {
    const empty = createPageHandler(join(outside, 'nothing'), () => Promise.resolve(undefined));
    const answer = await empty(new Request('headwater://app/'));
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('npm run build');
  });
});
