import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What the user said, in a file of its own: it is no part of any segment, and outlives all of them. */
export interface EditFile<T> {
  list(): readonly T[];
  /** Resolves once it is on the disk. */
  put(edits: readonly T[]): Promise<void>;
  /** Resolves once nothing is being written. */
  idle(): Promise<void>;
}

export interface EditFileOptions<T> {
  readonly dir: string;
  readonly name: string;
  /** For the warning: "Your choice of keys". */
  readonly what: string;
  /** Holds what was said; `set` is false where it is no news. */
  readonly edits: { set(edit: T): boolean; all(): readonly T[] };
  readonly warn: (warning: string) => void;
}

/** There are as many as a person makes, so they are held in memory and written as a whole. */
export async function openEditFile<T>({
  dir,
  name,
  what,
  edits,
  warn,
}: EditFileOptions<T>): Promise<EditFile<T>> {
  const path = join(dir, name);
  for (const edit of await read<T>(path, () =>
    warn(`${what} could not be read. The file was set aside as ${name}.broken.`),
  ))
    edits.set(edit);
  let writing: Promise<void> = Promise.resolve();
  return {
    list: edits.all,
    put(given) {
      const changed = given.filter((edit) => edits.set(edit));
      if (changed.length === 0) return writing;
      const result = writing.then(() => write(path, edits.all()));
      writing = result.catch(() => undefined);
      return result;
    },
    idle: () => writing,
  };
}

/** A file that cannot be understood is put aside, so that it is not overwritten, and the rest opens. */
async function read<T>(path: string, warn: () => void): Promise<readonly T[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return [];
  try {
    const all: unknown = JSON.parse(text);
    if (Array.isArray(all)) return all as T[];
  } catch {
    // Said below.
  }
  await rename(path, `${path}.broken`);
  warn();
  return [];
}

/** In place only once it is whole and on the disk. */
async function write(path: string, edits: readonly unknown[]): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(edits));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
