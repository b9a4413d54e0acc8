import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

const made = new Set<string>();
let listens = false;

/**
 * Makes a folder for what must not stay, such as payloads. It goes with the process at the latest, also where that ends
 * in the middle; only being killed leaves it behind.
 */
export function makeTemporaryDir(prefix: string): string {
  if (!listens) process.on('exit', removeAll);
  listens = true;
  // At once: between making it and noting that it was made, no signal may come.
  const dir = mkdtempSync(prefix);
  made.add(dir);
  return dir;
}

export async function removeTemporaryDir(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  made.delete(dir);
}

function removeAll(): void {
  // A thread of the database may still be writing into it.
  for (const dir of made) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
