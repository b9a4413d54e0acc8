import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, for its user alone. Not by `recursive`: Node never comes back from that where the
 * file system refuses new folders as Linux's /proc does.
 * @throws the system's error of the first folder that could not be made.
 */
export async function makeDir(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = async (dir: string) => (await stat(dir).catch(() => undefined))?.isDirectory() ?? false;
    if (code === 'EEXIST' && (await isThere(path))) return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || (await isThere(above))) throw error;
    await makeDir(above);
    await mkdir(path, { mode: 0o700 });
  }
}
