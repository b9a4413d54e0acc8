import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinkEdits, type LinkEdit } from '../model/link-edit.ts';

/** What the user said of links, in a file of its own: it is no part of any segment, and outlives all of them. */
export interface LinkEditFile {
  list(): readonly LinkEdit[];
  /** Resolves once it is on the disk. */
  put(edits: readonly LinkEdit[]): Promise<void>;
  /** Resolves once nothing is being written. */
  idle(): Promise<void>;
}

const fileName = 'link-edits.json';

/** There are as many as a person makes, so they are held in memory and written as a whole. */
export async function openLinkEdits(dir: string, warn: (warning: string) => void): Promise<LinkEditFile> {
  const path = join(dir, fileName);
  const edits = createLinkEdits(await read(path, warn));
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
async function read(path: string, warn: (warning: string) => void): Promise<readonly LinkEdit[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return [];
  try {
    const all: unknown = JSON.parse(text);
    if (Array.isArray(all)) return all as LinkEdit[];
  } catch {
    // Said below.
  }
  await rename(path, `${path}.broken`);
  warn(`Your changes to links could not be read. The file was set aside as ${fileName}.broken.`);
  return [];
}

/** In place only once it is whole and on the disk. */
async function write(path: string, edits: readonly LinkEdit[]): Promise<void> {
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
