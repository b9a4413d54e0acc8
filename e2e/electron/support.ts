import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron as electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';

const root = join(import.meta.dirname, '..', '..');

/** The program that the package `electron` has downloaded; it is not asked for, since asking downloads it. */
function program(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** Why the desktop app cannot be tried here; undefined where it can. */
export const hindrance: string | undefined =
  program() === undefined
    ? "Electron's program is not installed: run npm run desktop:install"
    : process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']
      ? 'there is no display: run it under xvfb-run'
      : undefined;

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dir: string;
}

/** Starts the built app with a data folder of its own, and the files that it is given. */
export async function startDesktop(dir: string, files: readonly string[] = []): Promise<Desktop> {
  const env = { ...process.env, HEADWATER_DATA: dir } as Record<string, string>;
  const app = await electron.launch({ executablePath: program(), args: [root, ...files], env, cwd: root });
  const page = await app.firstWindow();
  await page.waitForURL('headwater://app/**');
  return { app, page, dir };
}
