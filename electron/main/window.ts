import { join } from 'node:path';
import { pageOrigin } from '../../app/contract/desktop.ts';
import type { Electron, Window } from './electron-api.ts';
import { goneAddress } from './gone-page.ts';
import { pagePreferences } from './guards.ts';
import { keepWindowState, placeWindow, readWindowState, sizes } from './window-state.ts';

export interface WindowOptions {
  /** The file that remembers where the window was. */
  readonly statePath: string;
  /** Where the built shell is. */
  readonly dir: string;
  readonly platform: NodeJS.Platform;
}

/** Opens the window where it was last and loads the page into it; when the page's process ends, it says so. */
export function openWindow(electron: Electron, { statePath, dir, platform }: WindowOptions): Window {
  const displays = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const { maximized, ...bounds } = placeWindow(readWindowState(statePath), displays);
  const window = new electron.BrowserWindow({
    ...bounds,
    minWidth: sizes.least.width,
    minHeight: sizes.least.height,
    title: 'Headwater',
    // Until the page has painted; a bright flash at night hurts.
    backgroundColor: electron.nativeTheme.shouldUseDarkColors ? '#14171c' : '#fbfcfd',
    show: false,
    // Elsewhere the package has it.
    ...(platform === 'linux' ? { icon: join(dir, 'icon.png') } : {}),
    autoHideMenuBar: platform !== 'darwin',
    webPreferences: { ...pagePreferences, preload: join(dir, 'preload.cjs') },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    keepWindowState(statePath, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void load(window, goneAddress.page);
  });
  void load(window, '/');
  return window;
}

/** A window that is closed meanwhile is no failure of anybody. */
async function load(window: Window, path: string): Promise<void> {
  if (window.isDestroyed()) return;
  await window.loadURL(pageOrigin + path).catch(() => undefined);
}
