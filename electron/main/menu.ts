import type { PageCommand } from '../../app/contract/desktop.ts';
import type { MenuItemConstructorOptions } from './electron-api.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  /** What the page follows now; what it does not is left out. */
  readonly offered: ReadonlySet<PageCommand>;
  readonly onCommand: (command: PageCommand) => void;
  readonly onOpenFile: () => void;
}

type Item = MenuItemConstructorOptions;
const separator: Item = { type: 'separator' };

/** The application's menu as each platform has it. */
export function menuTemplate({ platform, offered, onCommand, onOpenFile }: MenuOptions): Item[] {
  const isMac = platform === 'darwin';
  const command = (name: PageCommand, label: string, accelerator?: string): Item[] =>
    offered.has(name) ? [{ id: name, label, accelerator, click: () => onCommand(name) }] : [];

  const file: Item[] = [
    ...command('new-connection', 'New connection…', 'CmdOrCtrl+N'),
    { id: 'open-file', label: 'Open file…', accelerator: 'CmdOrCtrl+O', click: onOpenFile },
    ...(isMac ? [{ role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] } as Item] : []),
    ...command('save-capture', 'Save capture…', 'CmdOrCtrl+S'),
    separator,
    { role: isMac ? 'close' : 'quit' },
  ];
  const edit: Item[] = [
    { role: 'undo' },
    { role: 'redo' },
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    ...(offered.has('find') ? [separator] : []),
    ...command('find', 'Find…', 'CmdOrCtrl+F'),
  ];
  const own = [
    ...command('palette', 'Command palette…', 'CmdOrCtrl+K'),
    ...command('toggle-inspector', 'Show or hide the inspector', 'CmdOrCtrl+I'),
    ...command('toggle-theme', 'Light or dark', 'CmdOrCtrl+Shift+L'),
  ];
  const view: Item[] = [
    ...own,
    ...(own.length > 0 ? [separator] : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    separator,
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ];
  const help: Item[] = [
    ...command('show-keys', 'Keyboard shortcuts', 'CmdOrCtrl+/'),
    ...(isMac ? [] : [{ role: 'about' } as Item]),
  ];
  return [
    ...(isMac ? [{ role: 'appMenu' } as Item] : []),
    { label: 'File', submenu: file },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
    ...(help.length > 0 ? [{ role: 'help', submenu: help } as Item] : []),
  ];
}
