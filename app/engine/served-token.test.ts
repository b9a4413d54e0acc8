import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { servedToken } from './served-token.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-token-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('a start after a kill has the token of before, a start after an orderly end another one', async () => {
  const dir = await folder();
  const first = await servedToken(dir);
  const again = await servedToken(dir);
  expect(again.token).toBe(first.token);
  await again.forget();
  expect(await readdir(dir)).toEqual([]);
  expect((await servedToken(dir)).token).not.toBe(first.token);
});

test('only its owner may read it, and what is no token is replaced', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'served-token'), 'guess-me', { mode: 0o644 });
  const { token } = await servedToken(dir);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect((await stat(join(dir, 'served-token'))).mode & 0o777).toBe(0o600);
});
