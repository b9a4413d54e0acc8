import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealedSecrets, type Sealer } from './sealed-secrets.ts';

const sealer: Sealer = {
  seal: (text) => Promise.resolve(Buffer.from(`sealed ${text}`).toString('hex')),
  unseal: (sealed) => Promise.resolve(Buffer.from(sealed, 'hex').toString().slice(7)),
};

describe('sealed passwords', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headwater-sealed-'));
    path = join(dir, 'secrets.json');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('survive a restart in a file that only the user may read, and that says nothing', async () => {
    await sealedSecrets(path, sealer).set('a', 'hunter2');
    expect(await sealedSecrets(path, sealer).get('a')).toBe('hunter2');
    expect(await readFile(path, 'utf8')).not.toContain('hunter2');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('are not lost when many are changed at once', async () => {
    const secrets = sealedSecrets(path, sealer);
    const names = Array.from({ length: 20 }, (_, n) => `c${n}`);
    await Promise.all(names.map((name) => secrets.set(name, `of ${name}`)));
    await Promise.all([secrets.remove('c3'), secrets.set('c4', 'new')]);
    expect(await Promise.all(['c3', 'c4', 'c19'].map((name) => secrets.get(name)))).toEqual([
      undefined,
      'new',
      'of c19',
    ]);
  });

  it('that cannot be sealed are not written, and do not stand in the way of the next', async () => {
    let works = false;
    const secrets = sealedSecrets(path, {
      ...sealer,
      seal: (text) => (works ? sealer.seal(text) : Promise.reject(new Error('locked'))),
    });
    await expect(secrets.set('a', 'hunter2')).rejects.toThrow('locked');
    works = true;
    await secrets.set('b', 'two');
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')) as object)).toEqual(['b']);
  });

  it('begin anew when the file is damaged', async () => {
    await writeFile(path, '{"a":');
    const secrets = sealedSecrets(path, sealer);
    expect(await secrets.get('a')).toBeUndefined();
    await secrets.set('a', 'one');
    expect(await secrets.get('a')).toBe('one');
  });
});
