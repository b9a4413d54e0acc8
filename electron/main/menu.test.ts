import { describe, expect, it } from 'vitest';
import { pageCommands, type PageCommand } from '../../app/contract/desktop.ts';
import type { MenuItemConstructorOptions } from './electron-api.ts';
import { menuTemplate } from './menu.ts';

const platforms = ['linux', 'win32', 'darwin'] as const;

function menu(platform: NodeJS.Platform, offered: readonly PageCommand[] = pageCommands) {
  const done: string[] = [];
  const template = menuTemplate({
    platform,
    offered: new Set(offered),
    onCommand: (command) => done.push(command),
    onOpenFile: () => done.push('open'),
  });
  const items = template.flatMap((top) => (Array.isArray(top.submenu) ? top.submenu : []));
  const click = (id: string) => {
    const item = items.find((each) => each.id === id);
    (item?.click as (() => void) | undefined)?.();
  };
  return { template, items, done, click };
}
const roles = (items: readonly MenuItemConstructorOptions[]) => items.map(({ role }) => role);

describe('the menus', () => {
  it('begin with the application on a Mac, and with File elsewhere', () => {
    expect(menu('darwin').template[0]?.role).toBe('appMenu');
    expect(menu('linux').template[0]?.label).toBe('File');
    expect(menu('win32').template[0]?.label).toBe('File');
  });

  it('quit and tell about Headwater where each platform has that', () => {
    expect(roles(menu('linux').items)).toEqual(expect.arrayContaining(['quit', 'about']));
    expect(roles(menu('darwin').items)).toEqual(expect.arrayContaining(['close', 'recentDocuments']));
    expect(roles(menu('darwin').items)).not.toContain('quit');
  });

  it.each(platforms)('edit and zoom as every application does, on %s', (platform) => {
    const has = roles(menu(platform).items);
    for (const role of ['undo', 'cut', 'copy', 'paste', 'selectAll', 'resetZoom', 'zoomIn', 'zoomOut'])
      expect(has).toContain(role);
  });

  it.each(platforms)('give no key to two items, on %s', (platform) => {
    const keys = menu(platform).items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(4);
  });

  it('send typed commands to the page', () => {
    const { click, done } = menu('linux');
    for (const id of ['new-connection', 'save-capture', 'find', 'palette', 'toggle-theme', 'open-file'])
      click(id);
    expect(done).toEqual(['new-connection', 'save-capture', 'find', 'palette', 'toggle-theme', 'open']);
  });

  it('hold nothing that the page does not follow', () => {
    const { items } = menu('linux', ['find']);
    const ids = items.flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect(ids).toEqual(['open-file', 'find']);
    expect(menu('darwin', []).template.every(({ submenu, role }) => submenu !== undefined || role)).toBe(
      true,
    );
  });
});
