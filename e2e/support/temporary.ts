import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startHeadwater, type Headwater } from './headwater.ts';

/** A folder that is gone when the test is over. */
export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-e2e-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** A Headwater with a store of its own that ends with the test, unless the test has ended it. */
export async function temporaryHeadwater(dir?: string): Promise<Headwater> {
  const data = dir ?? (await temporaryDir());
  const headwater = await startHeadwater(['--data', data, '--port', '0']);
  let ended = false;
  const once = <T>(end: () => Promise<T>) => {
    ended = true;
    return end();
  };
  onTestFinished(async () => {
    if (!ended) await headwater.stop();
  });
  return { ...headwater, stop: () => once(headwater.stop), kill: () => once(headwater.kill) };
}
