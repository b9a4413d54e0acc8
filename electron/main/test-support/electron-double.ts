import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Contents,
  Electron,
  IpcEvent,
  MenuItemConstructorOptions,
  Port,
  Rectangle,
  Session,
} from '../electron-api.ts';
import { channel, EngineDouble, type EnginePlan } from './processes.ts';

/** The page in a window. */
export class ContentsDouble extends EventEmitter implements Contents {
  static #last = 0;
  readonly id = ++ContentsDouble.#last;
  readonly sent: unknown[][] = [];
  readonly ports: Port[] = [];
  openHandler: ((details: { url: string }) => { action: 'deny' }) | undefined;
  destroyed = false;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void {
    this.openHandler = handler;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  postMessage(_channel: string, _message: unknown, ports: Port[] = []): void {
    this.ports.push(...ports);
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  /** Lets the page try to go somewhere; answers whether it was allowed. */
  goes(event: string, url: string): boolean {
    let allowed = true;
    this.emit(event, { url, preventDefault: () => (allowed = false) });
    return allowed;
  }
}

class WindowDouble extends EventEmitter {
  readonly webContents = new ContentsDouble();
  readonly loaded: string[] = [];
  readonly options: Record<string, unknown> & { webPreferences?: Record<string, unknown> };
  bounds: Rectangle = { x: 10, y: 20, width: 1280, height: 800 };
  maximized = false;
  minimized = false;
  focused = 0;
  destroyed = false;

  constructor(options: object) {
    super();
    this.options = { ...options };
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  maximize(): void {
    this.maximized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  show(): void {}
  focus(): void {
    this.focused++;
  }
  /** The user closes it. */
  close(): void {
    this.emit('close');
    this.destroyed = true;
    this.webContents.destroyed = true;
    this.emit('closed');
  }
}

const folders = new Set<string>();

/** Removes the files of all doubles; to be called after each test. */
export function removeDoubles(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

class AppDouble extends EventEmitter {
  readonly paths: Record<string, string>;
  firstInstance = true;
  quits = 0;
  exited: number | undefined;
  sandboxed = false;
  readonly recent: string[] = [];

  constructor() {
    super();
    const userData = mkdtempSync(join(tmpdir(), 'headwater-shell-'));
    folders.add(userData);
    this.paths = { userData };
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  /** As Electron does: asks whether it may, and quits unless someone prevents it. */
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) {
      this.quits++;
      this.emit('quit');
    }
  }
  exit(code = 0): void {
    this.exited = code;
  }
  requestSingleInstanceLock(): boolean {
    return this.firstInstance;
  }
  getPath(name: string): string {
    return this.paths[name] ?? '';
  }
  setPath(name: string, path: string): void {
    this.paths[name] = path;
  }
  getVersion(): string {
    return '1.2.3';
  }
  setAboutPanelOptions(): void {}
  setAppUserModelId(): void {}
  addRecentDocument(path: string): void {
    this.recent.push(path);
  }
  enableSandbox(): void {
    this.sandboxed = true;
  }
}

export class SessionDouble implements Session {
  ask: Parameters<Session['setPermissionRequestHandler']>[0] | undefined;
  check: Parameters<Session['setPermissionCheckHandler']>[0] | undefined;
  device: (() => boolean) | undefined;
  readonly blocked: string[] = [];

  setPermissionRequestHandler(handler: typeof this.ask): void {
    this.ask = handler;
  }
  setPermissionCheckHandler(handler: typeof this.check): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler;
  }
  readonly webRequest = {
    onBeforeRequest: (
      { urls }: { urls: string[] },
      listener: (details: unknown, answer: (response: { cancel?: boolean }) => void) => void,
    ): void => {
      listener({}, ({ cancel }) => {
        if (cancel) this.blocked.push(...urls);
      });
    },
  };
}

/** A double of Electron that remembers what the shell did with it. */
export function electronDouble(plans: readonly EnginePlan[] = []) {
  const app = new AppDouble();
  const windows: WindowDouble[] = [];
  const engines: EngineDouble[] = [];
  const session = new SessionDouble();
  const listeners = new Map<string, (event: IpcEvent, ...args: unknown[]) => unknown>();
  const seen = {
    menu: [] as MenuItemConstructorOptions[],
    external: [] as string[],
    boxes: [] as { message: string; detail?: string }[],
    chosen: [] as string[],
    schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  };
  const handlers = new Map<string, (request: Request) => Promise<Response>>();
  const electron: Electron = {
    app,
    BrowserWindow: class extends WindowDouble {
      constructor(options: object) {
        super(options);
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    Menu: {
      buildFromTemplate: (template) => template,
      setApplicationMenu(menu: MenuItemConstructorOptions[]) {
        seen.menu = menu;
      },
    },
    MessageChannelMain: class {
      readonly #ports = channel();
      readonly port1 = this.#ports.port1;
      readonly port2 = this.#ports.port2;
    },
    dialog: {
      showOpenDialog: () => Promise.resolve({ canceled: seen.chosen.length === 0, filePaths: seen.chosen }),
      showMessageBox(box) {
        seen.boxes.push(box);
        return Promise.resolve({ response: 0 });
      },
    },
    ipcMain: {
      on: (name, listener) => listeners.set(name, listener),
      handle: (name, listener) => void listeners.set(name, listener),
    },
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: true },
    protocol: {
      handle: (scheme, handler) => void handlers.set(scheme, handler),
      registerSchemesAsPrivileged: (schemes) => void seen.schemes.push(...schemes),
    },
    // Not a cipher: what it makes only has to differ from what it was given.
    safeStorage: {
      isAsyncEncryptionAvailable: () => Promise.resolve(true),
      encryptStringAsync: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0x5a) as Buffer),
      decryptStringAsync: (sealed) =>
        Promise.resolve({ result: Buffer.from(sealed.map((byte) => byte ^ 0x5a)).toString() }),
      getSelectedStorageBackend: () => 'gnome_libsecret',
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: { defaultSession: session },
    shell: {
      openExternal(url) {
        seen.external.push(url);
        return Promise.resolve();
      },
    },
    utilityProcess: {
      fork() {
        const engine = new EngineDouble(plans[engines.length]);
        engines.push(engine);
        return engine;
      },
    },
  };
  return {
    electron,
    app,
    windows,
    engines,
    session,
    seen,
    handlers,
    /** A message from a frame of the window's page: its own, unless told otherwise. */
    say(name: string, args: unknown[] = [], from: Partial<IpcEvent> = {}): unknown {
      const event: IpcEvent = {
        sender: { id: windows.at(-1)?.webContents.id ?? 0 },
        senderFrame: { url: 'headwater://app/traces', parent: null },
        ...from,
      };
      return listeners.get(name)?.(event, ...args);
    },
  };
}
