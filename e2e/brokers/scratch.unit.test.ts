import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScratch } from './scratch.ts';

test('disposing of a folder ends what was registered with it, and removes it', async () => {
  const scratch = openScratch('test');
  writeFileSync(join(scratch.dir, 'data'), 'x');
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const ended = once(child, 'exit');
  if (child.pid !== undefined) scratch.adopt(child.pid);

  await scratch.dispose();

  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(existsSync(scratch.dir)).toBe(false);
});

test('a process that was released is left alone', async () => {
  const scratch = openScratch('test');
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const { pid = 0 } = child;
  scratch.adopt(pid);
  scratch.release(pid);

  await scratch.dispose();

  expect(() => process.kill(pid, 0)).not.toThrow();
  child.kill('SIGKILL');
});
