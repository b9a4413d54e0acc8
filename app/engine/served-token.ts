import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key to a served engine: whoever has it can see everything. */
export interface ServedToken {
  readonly token: string;
  /** Ends its life: the next start makes another. */
  forget(): Promise<void>;
}

const shape = /^[\w-]{32}$/;

/**
 * A random token, kept in the data folder (mode 0700) while the engine runs. What a kill leaves there is used again by
 * the next start, so that open pages find their engine again; an orderly end leaves nothing.
 */
export async function servedToken(dir: string): Promise<ServedToken> {
  const path = join(dir, 'served-token');
  const forget = () => rm(path, { force: true });
  const left = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (shape.test(left)) return { token: left, forget };
  const token = randomBytes(24).toString('base64url');
  await forget();
  await writeFile(path, token, { mode: 0o600, flag: 'wx' });
  return { token, forget };
}
