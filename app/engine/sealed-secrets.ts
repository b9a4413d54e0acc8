import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SecretStore } from '../pipeline/secret-store.ts';

/** Encrypts with a key that the system's key store holds. Both reject with the reason where there is none. */
export interface Sealer {
  seal(text: string): Promise<string>;
  unseal(sealed: string): Promise<string>;
}

const book = z.record(z.string(), z.string());

/** Passwords in a file of the data folder (mode 0600), each sealed: the file alone is worth nothing. */
export function sealedSecrets(path: string, sealer: Sealer): SecretStore {
  /** One change after the other: each reads the file, and replaces it whole. */
  let last: Promise<unknown> = Promise.resolve();
  function change(edit: (all: Record<string, string>) => Promise<void> | void): Promise<void> {
    const next = last.then(async () => {
      const all = await read(path);
      await edit(all);
      await writeFile(`${path}.next`, JSON.stringify(all, null, 2), { mode: 0o600 });
      await rename(`${path}.next`, path);
    });
    last = next.catch(() => undefined);
    return next;
  }
  return {
    async get(connection) {
      await last;
      const sealed = (await read(path))[connection];
      return sealed === undefined ? undefined : sealer.unseal(sealed);
    },
    set: (connection, secret) =>
      change(async (all) => {
        all[connection] = await sealer.seal(secret);
      }),
    remove: (connection) =>
      change((all) => {
        delete all[connection];
      }),
  };
}

/** A file that is not there or cannot be understood holds nothing: what was in it can be typed again. */
async function read(path: string): Promise<Record<string, string>> {
  try {
    return book.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}
