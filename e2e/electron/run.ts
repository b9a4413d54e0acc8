/**
 * Starts the packaged app that `npm run dist` left in dist/packages, sees it open, and ends it:
 * `node e2e/electron/run.ts`. Its fuses keep Playwright out, so what it does inside is left to the specs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { shellIsOpen } from '../../app/contract/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { dataFolder } from './data-folder.ts';

const packages = join(import.meta.dirname, '..', '..', 'dist', 'packages');
const [program] = globSync(
  ['linux*-unpacked/headwater', 'mac*/Headwater.app/Contents/MacOS/Headwater', 'win*-unpacked/Headwater.exe'],
  { cwd: packages },
);
if (program === undefined) throw new Error('There is no packaged app: run npm run dist.');

const folder = await dataFolder();
const child = spawn(join(packages, program), [], {
  env: { ...process.env, HEADWATER_DATA: folder.path },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
let printed = '';
child.stdout.on('data', (chunk: Buffer) => {
  printed += chunk.toString();
});
const lock = join(folder.path, 'store', 'lock');
try {
  const patience = { withinMs: 60_000 };
  await eventually('the window', () => printed.includes(shellIsOpen), Boolean, patience);
  await eventually('the store', () => existsSync(lock), Boolean, patience);
} finally {
  child.kill('SIGTERM');
}
await ended;
// Windows knows no request to end that a program could follow.
if (process.platform !== 'win32' && existsSync(lock))
  throw new Error('The packaged app ended without closing its store.');
await folder.remove();
console.log(`${program} opened its window and its store.`);
