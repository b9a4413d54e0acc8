import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Desktop {
  readonly found: true;
  /** Electron's program. */
  readonly program: string;
  /** The folder that it is given: package.json there names the entry. */
  readonly app: string;
}

export interface NoDesktop {
  readonly found: false;
  /** Why, and what to do: a clause that ends a sentence. */
  readonly reason: string;
}

export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The user's number; undefined on Windows. */
  readonly uid?: number;
  /** Headwater's folder. */
  readonly root: string;
}

const here = (): Machine => ({
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  root: fileURLToPath(new URL('../..', import.meta.url)),
});

/**
 * Whether the desktop app can be opened here. Looks for Electron's program with the file system only: importing its
 * package would download it.
 */
export function findDesktop(machine: Machine = here()): Desktop | NoDesktop {
  const { env, platform, uid, root } = machine;
  const not = (reason: string): NoDesktop => ({ found: false, reason });
  const program = electronProgram(machine);
  if (program === undefined)
    return not("Electron's program is not installed; npm run desktop:install gets it.");
  if (!existsSync(join(root, 'dist', 'electron', 'main.js')))
    return not('the desktop shell was not built; npm run build builds it.');
  if (platform === 'linux') {
    if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return not('there is no display here.');
    if (uid === 0) return not("Electron's sandbox does not work for root; start Headwater as another user.");
  } else if (env['SSH_CONNECTION']) {
    return not('this is an SSH session, whose windows nobody would see.');
  }
  return { found: true, program, app: root };
}

/** Where Electron's own package puts its program, or where $ELECTRON_OVERRIDE_DIST_PATH says that it is. */
function electronProgram({ env, platform, root }: Machine): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  const name = nameIn(join(folder, 'path.txt')) ?? names[platform] ?? 'electron';
  const program = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
  return existsSync(program) ? program : undefined;
}

const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

function nameIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
