import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDir } from './make-dir.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-make-dir-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('makes what is missing, and is content with what is there', async () => {
  const deep = join(dir, 'a', 'b', 'c');
  await makeDir(deep);
  await makeDir(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test('fails under a file and at one', async () => {
  const file = join(dir, 'file');
  await writeFile(file, '');
  await expect(makeDir(join(file, 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeDir(file)).rejects.toMatchObject({ code: 'EEXIST' });
});

test.runIf(process.platform === 'linux')(
  'fails where no folder can be made, instead of trying for ever',
  async () => {
    await expect(makeDir('/proc/headwater/store')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
