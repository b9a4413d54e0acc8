import { access, rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { attachStatement, type Writer } from './database.ts';

/** A file of the store is held by another process. DuckDB locks each file, which backs up the store's own lock. */
export class FileInUse extends Error {
  override readonly name = 'FileInUse';
}

/**
 * Attaches a file and replays its log. A log that cannot be replayed is set aside and the file opens without it; a
 * file that cannot be opened is set aside too. Nothing is deleted.
 * @returns whether the file is attached, and what was set aside, in words for the user.
 */
export async function attachFile(
  writer: Writer,
  path: string,
  alias: string,
): Promise<{ readonly attached: boolean; readonly setAside?: string }> {
  const attach = () => writer.run(attachStatement(path, alias));
  let setAside: string | undefined;
  try {
    await attach();
    return { attached: true };
  } catch (error) {
    refuseIfInUse(error, path);
    const log = await asideIfThere(`${path}.wal`);
    if (log) {
      setAside = `The log of ${basename(path)} could not be replayed and was set aside as ${log}; what it held and no file did is missing. (${firstLine(error)})`;
      try {
        await attach();
        return { attached: true, setAside };
      } catch {
        // The file itself is broken too: reported below, with the first error.
      }
    }
    const file = await asideIfThere(path);
    return {
      attached: false,
      setAside: `${basename(path)} could not be opened and was set aside as ${file ?? 'nothing: it is gone'}; its events are missing. (${firstLine(error)})`,
    };
  }
}

function refuseIfInUse(error: unknown, path: string): void {
  if (firstLine(error).includes('Could not set lock')) {
    throw new FileInUse(`${path} is open in another process.`, { cause: error });
  }
}

async function asideIfThere(path: string): Promise<string | undefined> {
  try {
    await access(path);
  } catch {
    return undefined;
  }
  const aside = `${path}.set-aside-${Date.now()}`;
  await rename(path, aside);
  return basename(aside);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
