import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDesktop, type Machine } from './desktop.ts';

describe('whether the desktop app can be opened', () => {
  let root: string;
  const touch = async (...path: string[]) => {
    const file = join(root, ...path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  };
  const look = (change: Partial<Machine> = {}) =>
    findDesktop({ env: { DISPLAY: ':0' }, platform: 'linux', uid: 1000, root, ...change });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headwater-desktop-'));
    await touch('dist', 'electron', 'main.js');
    await touch('node_modules', 'electron', 'dist', 'electron');
    await writeFile(join(root, 'node_modules', 'electron', 'path.txt'), 'electron');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('finds Electron’s program without asking its package, which would download it', () => {
    expect(look()).toEqual({
      found: true,
      program: join(root, 'node_modules', 'electron', 'dist', 'electron'),
      app: root,
    });
    expect(look({ env: { WAYLAND_DISPLAY: 'wayland-0' } }).found).toBe(true);
  });

  it('finds it where the environment says that it is', async () => {
    await touch('elsewhere', 'electron');
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: join(root, 'elsewhere') };
    expect(look({ env })).toMatchObject({ program: join(root, 'elsewhere', 'electron') });
    env.ELECTRON_OVERRIDE_DIST_PATH = join(root, 'nowhere');
    expect(look({ env }).found).toBe(false);
  });

  it.each([
    ['there is no display', { env: {} }, /no display/],
    ['the user is root', { uid: 0 }, /root/],
    ['a Mac is reached over SSH', { platform: 'darwin', env: { SSH_CONNECTION: 'x' } }, /SSH/],
  ] as const)('says why not when %s', async (_when, change, why) => {
    await touch('node_modules', 'electron', 'dist', 'electron');
    expect(look(change)).toMatchObject({ found: false, reason: expect.stringMatching(why) as string });
  });

  it('says which command gets what is missing', async () => {
    await rm(join(root, 'dist'), { recursive: true });
    expect(look()).toMatchObject({ reason: expect.stringContaining('npm run build') as string });
    await rm(join(root, 'node_modules'), { recursive: true });
    expect(look()).toMatchObject({ reason: expect.stringContaining('npm run desktop:install') as string });
  });
});
