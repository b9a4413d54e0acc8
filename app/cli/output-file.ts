import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exitCode, Failure } from './failure.ts';

/** Fails before the work is done when its result could not be put there. */
export async function mustHaveFolder(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new Failure(exitCode.failed, `There is no folder ${folder} to write ${path} into.`);
  }
}
