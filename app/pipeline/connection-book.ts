import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ConnectionConfig } from './connection.ts';

/** The list of connections on disk (JSON, mode 0600, replaced as a whole). Passwords never are in it. */
export interface ConnectionBook {
  readonly all: readonly ConnectionConfig[];
  put(config: ConnectionConfig): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Opens the list at `path`; one that cannot be read is set aside and said so through `onProblem`. */
export async function openConnectionBook(
  path: string,
  onProblem: (message: string) => void,
): Promise<ConnectionBook> {
  let all: ConnectionConfig[] = [];
  try {
    all = JSON.parse(await readFile(path, 'utf8')) as ConnectionConfig[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      await rename(path, `${path}.unreadable`);
      onProblem(`The list of connections could not be read; it was set aside as ${path}.unreadable.`);
    }
  }
  let writing: Promise<void> = Promise.resolve();
  const save = () => {
    writing = writing.then(async () => {
      await writeFile(`${path}.next`, JSON.stringify(all, null, 2), { mode: 0o600 });
      await rename(`${path}.next`, path);
    });
    return writing;
  };
  return {
    get all() {
      return all;
    },
    put(config) {
      const at = all.findIndex((c) => c.id === config.id);
      if (at < 0) all.push(config);
      else all[at] = config;
      return save();
    },
    remove(id) {
      all = all.filter((c) => c.id !== id);
      return save();
    },
  };
}
