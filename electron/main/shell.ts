import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pageOrigin, shellIsOpen, type PageCommand } from '../../app/contract/desktop.ts';
import { createBridge } from './bridge.ts';
import type { Electron, Window } from './electron-api.ts';
import { superviseEngine } from './engine-process.ts';
import { fileArguments } from './file-arguments.ts';
import { guardContents, guardSession } from './guards.ts';
import { menuTemplate } from './menu.ts';
import { createPageHandler } from './page-handler.ts';
import { createShellRouter } from './shell-router.ts';
import { openWindow } from './window.ts';

export interface Surroundings {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where the built shell is; the built page is beside it. */
  readonly dir: string;
  readonly print: (line: string) => void;
  readonly log: (line: string) => void;
}

/** Starts the desktop app: one window, one engine, one instance for each data folder. */
export function startShell(electron: Electron, surroundings: Surroundings): void {
  const { app } = electron;
  app.enableSandbox();
  electron.protocol.registerSchemesAsPrivileged([
    {
      scheme: new URL(pageOrigin).protocol.slice(0, -1),
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
  // The engine's data folder is the command's too; what Chromium keeps is not to lie in it between its files.
  const userData = join(surroundings.env['HEADWATER_DATA'] ?? app.getPath('userData'), 'shell');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  // The first one is told what this one was given, and opens it.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  app.on('web-contents-created', (_event, contents) => guardContents(contents, electron.shell.openExternal));

  /** Files that were asked for before there was an engine to open them. */
  const early = fileArguments(surroundings.argv, surroundings.cwd);
  let openFiles = (paths: readonly string[]): void => void early.push(...paths);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles([path]);
  });
  app.on('second-instance', (_event, argv, cwd) => openFiles(fileArguments(argv, cwd)));

  void app.whenReady().then(() => {
    openFiles = run(electron, surroundings, userData);
    openFiles(early);
  });
}

/** Everything once Electron is ready. Answers with the way to open files, which also brings the window forward. */
function run(
  electron: Electron,
  { platform, dir, print, log }: Surroundings,
  userData: string,
): (paths: readonly string[]) => void {
  const { app } = electron;
  app.setAppUserModelId('dev.headwater.app');
  app.setAboutPanelOptions({
    applicationName: 'Headwater',
    applicationVersion: app.getVersion(),
    copyright: 'Apache License 2.0',
  });
  guardSession(electron.session.defaultSession);

  let window: Window | undefined;
  let quitting = false;
  let told = false;

  const engine = superviseEngine({
    fork: () =>
      electron.utilityProcess.fork(join(dir, 'utility.js'), [], { serviceName: 'Headwater engine' }),
    channel: () => new electron.MessageChannelMain(),
    router: createShellRouter(electron, platform, log),
    onState: (state) => bridge.showEngine(state),
    log,
  });
  electron.protocol.handle('headwater', createPageHandler(join(dir, '..', 'renderer'), engine.captureFile));
  const bridge = createBridge({
    electron,
    engine,
    page: () => window?.webContents,
    async openFile(path) {
      const opened = await engine.openFile(path);
      if ('id' in opened) app.addRecentDocument(path);
      return opened;
    },
    onCommands: showMenu,
  });

  function showMenu(offered: readonly PageCommand[]): void {
    const template = menuTemplate({
      platform,
      offered: new Set(offered),
      onCommand: bridge.command,
      onOpenFile: () => void chooseFile(),
    });
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template) as never);
  }

  async function chooseFile(): Promise<void> {
    const { canceled, filePaths } = await electron.dialog.showOpenDialog({
      title: 'Open a capture or message lines',
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Captures and message lines', extensions: ['hwcap', 'ndjson', 'jsonl'] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    if (!canceled) openFiles(filePaths);
  }

  function showWindow(): void {
    if (window && !window.isDestroyed()) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return;
    }
    window = openWindow(electron, { statePath: join(userData, 'window.json'), dir, platform });
    window.on('closed', () => {
      window = undefined;
    });
    window.webContents.on('did-finish-load', () => {
      if (!told) print(shellIsOpen);
      told = true;
    });
  }

  function openFiles(paths: readonly string[]): void {
    if (quitting) return;
    showWindow();
    for (const path of paths) void openOne(path);
  }

  async function openOne(path: string): Promise<void> {
    const opened = await engine.openFile(path);
    if ('problem' in opened) {
      const { message, remedy } = opened.problem;
      await electron.dialog.showMessageBox({ type: 'error', message, detail: remedy, buttons: ['OK'] });
      return;
    }
    app.addRecentDocument(path);
    bridge.commandSoon('show-traces');
  }

  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    // On a Mac an application goes on without windows; this one goes on recording.
    if (platform !== 'darwin') app.quit();
  });
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (quitting) return;
    quitting = true;
    void engine.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
  showMenu([]);
  return openFiles;
}
