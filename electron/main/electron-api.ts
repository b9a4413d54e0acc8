/**
 * The parts of Electron that the shell uses, and no more. `main.ts` hands in the real one; tests hand in a double. So
 * everything but Electron itself can be tried in Node.
 */
import type {
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  MessagePortMain,
  OpenDialogOptions,
  Rectangle,
  WebPreferences,
} from 'electron';

export type { MenuItemConstructorOptions, Rectangle, WebPreferences };

interface Preventable {
  preventDefault(): void;
}

/** An end of a channel between processes. */
export type Port = MessagePortMain;

/** A process that runs the engine. */
export interface Child {
  postMessage(message: unknown, ports: Port[]): void;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

export interface Contents {
  readonly id: number;
  on(event: 'will-navigate', listener: (event: Preventable & { url: string }) => void): unknown;
  on(event: 'will-redirect', listener: (event: Preventable & { url: string }) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: Preventable & { url: string }) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
  on(event: 'did-finish-load', listener: () => void): unknown;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  send(channel: string, ...args: unknown[]): void;
  postMessage(channel: string, message: unknown, transfer?: Port[]): void;
  isDestroyed(): boolean;
}

export interface Session {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      answer: (granted: boolean) => void,
      details: { requestingUrl?: string },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      filter: { urls: string[] },
      listener: (details: unknown, answer: (response: { cancel?: boolean }) => void) => void,
    ): void;
  };
}

export interface Window {
  readonly webContents: Contents;
  on(event: 'close' | 'closed', listener: () => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  getNormalBounds(): Rectangle;
  isMaximized(): boolean;
  isMinimized(): boolean;
  isDestroyed(): boolean;
  maximize(): void;
  restore(): void;
  show(): void;
  focus(): void;
}

export interface IpcEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: Frame | null;
}

export interface Electron {
  readonly app: {
    on(event: 'second-instance', listener: (event: unknown, argv: string[], cwd: string) => void): unknown;
    on(event: 'open-file', listener: (event: Preventable, path: string) => void): unknown;
    on(event: 'activate' | 'window-all-closed', listener: () => void): unknown;
    on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
    on(event: 'web-contents-created', listener: (event: unknown, contents: Contents) => void): unknown;
    whenReady(): Promise<void>;
    quit(): void;
    exit(code?: number): void;
    requestSingleInstanceLock(): boolean;
    getPath(name: 'userData'): string;
    setPath(name: 'userData', path: string): void;
    getVersion(): string;
    setAboutPanelOptions(options: Record<string, string>): void;
    setAppUserModelId(id: string): void;
    addRecentDocument(path: string): void;
    enableSandbox(): void;
  };
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => Window;
  readonly Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): unknown;
    setApplicationMenu(menu: never): void;
  };
  readonly MessageChannelMain: new () => { readonly port1: Port; readonly port2: Port };
  readonly dialog: {
    showOpenDialog(options: OpenDialogOptions): Promise<{ canceled: boolean; filePaths: string[] }>;
    showMessageBox(options: MessageBoxOptions): Promise<{ response: number }>;
  };
  readonly ipcMain: {
    on(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => void): unknown;
    handle(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => unknown): void;
  };
  readonly nativeTheme: { themeSource: 'system' | 'light' | 'dark'; readonly shouldUseDarkColors: boolean };
  readonly protocol: {
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
    registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void;
  };
  readonly safeStorage: {
    isAsyncEncryptionAvailable(): Promise<boolean>;
    encryptStringAsync(text: string): Promise<Buffer>;
    decryptStringAsync(sealed: Buffer): Promise<{ result: string }>;
    getSelectedStorageBackend?(): string;
  };
  readonly screen: { getAllDisplays(): { readonly workArea: Rectangle }[] };
  readonly session: { readonly defaultSession: Session };
  readonly shell: { openExternal(url: string): Promise<void> };
  readonly utilityProcess: {
    fork(path: string, args: string[], options: { serviceName: string }): Child;
  };
}
