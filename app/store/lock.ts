import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locks } from 'node:worker_threads';

/** The folder is open elsewhere: two openers of one store would lose data. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
}

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same number; absent where the system does not say. */
  readonly started?: string;
}

/**
 * Takes a folder for this thread. The lock of a process that is no more is taken over. Within this process a lock that
 * Node releases when a thread ends does the same for a worker that died.
 * @returns what gives the folder back.
 * @throws StoreInUse
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const release = await lockWithinProcess(dir);
  const path = join(dir, 'lock');
  const own: Holder = { pid: process.pid, started: startOf(process.pid) };
  try {
    await writeFile(path, JSON.stringify(own), { flag: 'wx' });
  } catch {
    const holder = await readHolder(path);
    if (holder && holder.pid !== process.pid && lives(holder)) {
      release();
      throw inUse(dir, holder.pid);
    }
    await writeFile(path, JSON.stringify(own));
  }
  return async () => {
    await rm(path, { force: true });
    release();
  };
}

export function inUse(dir: string, pid?: number): StoreInUse {
  const where = pid === undefined ? 'another process' : `process ${pid}`;
  return new StoreInUse(
    `The store at ${dir} is open in ${where}; ask it by RPC (its UI, or the command against its URL), or choose another --data folder.`,
  );
}

function lockWithinProcess(dir: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const ended = locks.request(`headwater store ${dir}`, { ifAvailable: true }, (lock) => {
      if (!lock) throw inUse(dir, process.pid);
      return new Promise<void>((release) => {
        resolve(release);
      });
    });
    Promise.resolve(ended).catch(reject);
  });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function lives({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || now === started;
}

/** When a process began, in the system's own words; Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
