import { existsSync, readFileSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { channels, shellIsOpen } from '../../app/contract/desktop.ts';
import { goneAddress } from './gone-page.ts';
import { startShell, type Surroundings } from './shell.ts';
import { electronDouble, removeDoubles } from './test-support/electron-double.ts';
import { refusal, type EnginePlan } from './test-support/processes.ts';

let quit = () => undefined as void;
afterEach(() => {
  quit();
  removeDoubles();
});

async function start(given: Partial<Surroundings> & { plans?: EnginePlan[]; second?: boolean } = {}) {
  const double = electronDouble(given.plans);
  double.app.firstInstance = given.second !== true;
  const printed: string[] = [];
  startShell(double.electron, {
    argv: ['electron', '/opt/headwater'],
    cwd: '/work',
    env: {},
    platform: 'linux',
    dir: '/opt/headwater/dist/electron',
    print: (line) => printed.push(line),
    log: () => undefined,
    ...given,
  });
  quit = () => double.app.quit();
  if (!given.second) await vi.waitFor(() => expect(double.engines).toHaveLength(1));
  const running = () =>
    vi.waitFor(() => {
      double.say(channels.engine);
      expect(double.windows[0]?.webContents.sent.at(-1)).toEqual([channels.engine, { phase: 'running' }]);
    });
  return { ...double, printed, running };
}

describe('the desktop app', () => {
  it('shows the page by its own protocol in a sandboxed window with the shell’s preload', async () => {
    const { windows, app, seen, handlers } = await start();
    expect(app.sandboxed).toBe(true);
    expect(seen.schemes).toEqual([
      {
        scheme: 'headwater',
        privileges: expect.objectContaining({ standard: true, secure: true }) as object,
      },
    ]);
    expect([...handlers.keys()]).toEqual(['headwater']);
    expect(windows[0]?.loaded).toEqual(['headwater://app/']);
    expect(windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      preload: join('/opt/headwater/dist/electron', 'preload.cjs'),
    });
    expect(windows[0]?.webContents.goes('will-navigate', 'https://example.org/')).toBe(false);
  });

  it('says that it is open once the page is there, and once only', async () => {
    const { windows, printed } = await start();
    expect(printed).toEqual([]);
    windows[0]?.webContents.emit('did-finish-load');
    windows[0]?.webContents.emit('did-finish-load');
    expect(printed).toEqual([shellIsOpen]);
  });

  it('keeps what Chromium keeps beside the store, in the data folder that the environment names', async () => {
    const { app } = await start();
    expect(app.paths['userData']).toMatch(/shell$/);
    const dir = app.paths['userData'] ?? '';
    const { app: other } = await start({ env: { HEADWATER_DATA: dir } });
    expect(other.paths['userData']).toBe(join(dir, 'shell'));
    expect(existsSync(join(dir, 'shell'))).toBe(true);
  });
});

describe('the page and the engine', () => {
  it('are joined by a port, a new one for each load of the page', async () => {
    const { say, windows, engines } = await start();
    for (let load = 1; load <= 3; load++) {
      say(channels.requestPort);
      await vi.waitFor(() => expect(windows[0]?.webContents.ports).toHaveLength(load));
    }
    expect(new Set(windows[0]?.webContents.ports).size).toBe(3);
    expect(engines[0]?.pages).toHaveLength(3);
  });

  it('are joined again when the engine was started again', async () => {
    const { say, windows, engines } = await start();
    say(channels.requestPort);
    await vi.waitFor(() => expect(windows[0]?.webContents.ports).toHaveLength(1));
    engines[0]?.end(1);
    await vi.waitFor(() =>
      expect(windows[0]?.webContents.sent).toContainEqual([
        channels.engine,
        expect.objectContaining({ phase: 'restarting' }),
      ]),
    );
    say(channels.requestPort);
    await vi.waitFor(() => expect(windows[0]?.webContents.ports).toHaveLength(2));
    expect(engines[1]?.pages).toHaveLength(1);
  });

  it('do not hear frames in the page, other pages, or messages that hold something odd', async () => {
    const { say, electron, windows, engines, running } = await start();
    await running();
    const strangers = [
      { senderFrame: { url: 'headwater://app/', parent: {} } },
      { senderFrame: { url: 'https://example.org/', parent: null } },
      { senderFrame: null },
      { sender: { id: 999 } },
    ];
    for (const from of strangers) {
      say(channels.requestPort, [], from);
      say(channels.theme, ['dark'], from);
      expect(() => say(channels.openPath, ['/a.hwcap'], from)).toThrow(/Only the page/);
    }
    say(channels.theme, ['purple']);
    expect(() => say(channels.openPath, [7])).toThrow(/string/);
    expect(electron.nativeTheme.themeSource).toBe('system');
    expect(windows[0]?.webContents.ports).toEqual([]);
    expect(engines[0]?.opened).toEqual([]);
    say(channels.theme, ['dark']);
    expect(electron.nativeTheme.themeSource).toBe('dark');
  });

  it('find themselves in the menus by what the page offers', async () => {
    const { say, seen, windows } = await start();
    say(channels.commands, [['find', 'show-keys']]);
    const items = seen.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const find = items.find(({ id }) => id === 'find');
    (find?.click as (() => void) | undefined)?.();
    expect(windows[0]?.webContents.sent).toContainEqual([channels.command, 'find']);
    say(channels.commands, [['format-disk']]);
    expect(seen.menu.some(({ submenu }) => Array.isArray(submenu) && submenu.includes(find ?? {}))).toBe(
      true,
    );
  });
});

describe('files', () => {
  it('are opened from the arguments, and the page shows them', async () => {
    const { engines, windows, app, say } = await start({ argv: ['electron', '.', 'a.hwcap', 'b.ndjson'] });
    const paths = [absolute('/work/a.hwcap'), absolute('/work/b.ndjson')];
    await vi.waitFor(() => expect(engines[0]?.opened.toSorted()).toEqual(paths));
    await vi.waitFor(() => expect(app.recent.toSorted()).toEqual(paths));
    const told = () => windows[0]?.webContents.sent.filter(([name]) => name === channels.command);
    // The page is still loading: it hears it once it follows, and once.
    expect(told()).toEqual([]);
    say(channels.commands, [['show-traces']]);
    expect(told()).toEqual([[channels.command, 'show-traces']]);
    say(channels.commands, [['show-traces']]);
    expect(told()).toHaveLength(1);
  });

  it('are handed over by a second start, which ends at once; the window comes forward', async () => {
    const { app: late, windows: none, engines: idle } = await start({ second: true });
    expect(late.exited).toBe(0);
    expect([none, idle]).toEqual([[], []]);

    const { app, engines, windows } = await start();
    if (windows[0]) windows[0].minimized = true;
    app.emit('second-instance', {}, ['electron', '.', 'c.hwcap'], '/elsewhere');
    await vi.waitFor(() => expect(engines[0]?.opened).toEqual([absolute('/elsewhere/c.hwcap')]));
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({ minimized: false, focused: 1 });
  });

  it('are opened by a Mac’s Finder, also before the app is ready', async () => {
    const double = electronDouble();
    startShell(double.electron, {
      argv: ['Headwater'],
      cwd: '/',
      env: {},
      platform: 'darwin',
      dir: '/x',
      print: () => undefined,
      log: () => undefined,
    });
    quit = () => double.app.quit();
    let taken = 0;
    double.app.emit('open-file', { preventDefault: () => taken++ }, '/early.hwcap');
    await vi.waitFor(() => expect(double.engines[0]?.opened).toEqual(['/early.hwcap']));
    double.app.emit('open-file', { preventDefault: () => taken++ }, '/late.hwcap');
    await vi.waitFor(() => expect(double.engines[0]?.opened).toEqual(['/early.hwcap', '/late.hwcap']));
    expect(taken).toBe(2);
  });

  it('are opened by drop, by the path that the preload found', async () => {
    const { say } = await start();
    expect(await say(channels.openPath, ['/dropped.hwcap'])).toEqual({ id: 'file-1' });
    expect(await say(channels.openPath, ['/missing.hwcap'])).toMatchObject({ problem: { code: 'refused' } });
  });

  it('are chosen in a dialog, and one that is not there is told of', async () => {
    const { seen, engines } = await start();
    const items = seen.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
    const open = items.find(({ id }) => id === 'open-file')?.click as () => void;
    open();
    seen.chosen.push('/a.hwcap', '/missing.hwcap');
    open();
    await vi.waitFor(() => expect(engines[0]?.opened).toEqual(['/a.hwcap']));
    await vi.waitFor(() =>
      expect(seen.boxes).toEqual([
        expect.objectContaining({ message: 'There is no file /missing.hwcap.', detail: 'Try another.' }),
      ]),
    );
  });
});

describe('the window', () => {
  it('remembers where it was', async () => {
    const { windows, app, running } = await start();
    await running();
    const [window] = windows;
    if (!window) throw new Error('no window');
    window.bounds = { x: 300, y: 200, width: 1100, height: 700 };
    window.maximized = true;
    window.close();
    const kept: unknown = JSON.parse(readFileSync(join(app.paths['userData'] ?? '', 'window.json'), 'utf8'));
    expect(kept).toEqual({ x: 300, y: 200, width: 1100, height: 700, maximized: true });
    app.emit('activate');
    expect(windows[1]?.options).toMatchObject({ x: 300, y: 200, width: 1100, height: 700 });
    expect(windows[1]?.maximized).toBe(true);
  });

  it('shows a page to reload from when the page’s process ends', async () => {
    const { windows } = await start();
    windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(windows[0]?.loaded).toHaveLength(1);
    windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'oom' });
    expect(windows[0]?.loaded.at(-1)).toBe(`headwater://app${goneAddress.page}`);
    expect(windows[0]?.webContents.goes('will-navigate', 'headwater://app/')).toBe(true);
  });
});

describe('quitting', () => {
  it('waits until the engine has undone what it holds, once', async () => {
    let undone = () => undefined as void;
    const stop = new Promise<void>((resolve) => (undone = resolve));
    const { app, engines, running } = await start({ plans: [{ stop: () => stop }] });
    await running();
    app.quit();
    app.quit();
    expect(app.quits).toBe(0);
    undone();
    await vi.waitFor(() => expect(app.quits).toBe(1));
    expect(engines[0]).toMatchObject({ stopped: true, killed: true });
  });

  it('follows the last window, but not on a Mac, where the engine goes on recording', async () => {
    const linux = await start();
    await linux.running();
    linux.windows[0]?.close();
    linux.app.emit('window-all-closed');
    await vi.waitFor(() => expect(linux.app.quits).toBe(1));

    const mac = await start({ platform: 'darwin' });
    await mac.running();
    mac.windows[0]?.close();
    mac.app.emit('window-all-closed');
    expect(mac.engines[0]?.stopped).toBe(false);
    mac.app.emit('activate');
    expect(mac.windows).toHaveLength(2);
  });

  it('works while the engine cannot start', async () => {
    const plan = {
      start: () => {
        throw refusal('The store is open in process 12.');
      },
    };
    const { app, windows } = await start({ plans: [plan, plan, plan] });
    await vi.waitFor(() =>
      expect(windows[0]?.webContents.sent).toContainEqual([
        channels.engine,
        { phase: 'restarting', message: 'The store is open in process 12.' },
      ]),
    );
    app.quit();
    await vi.waitFor(() => expect(app.quits).toBe(1));
  });
});

describe('passwords', () => {
  it('are sealed for the engine by the system’s key store', async () => {
    const { engines, running } = await start();
    await running();
    const sealed = await engines[0]?.shell?.seal({ text: 'hunter2' });
    expect(sealed?.sealed).not.toContain('hunter2');
    expect(await engines[0]?.shell?.unseal({ sealed: sealed?.sealed ?? '' })).toEqual({ text: 'hunter2' });
  });
});
