import * as electron from 'electron';
import { startShell } from './shell.ts';

/** The entry that Electron runs: the only file that needs a real Electron. */
startShell(electron, {
  argv: process.argv,
  cwd: process.cwd(),
  env: process.env,
  platform: process.platform,
  dir: import.meta.dirname,
  print: (line) => process.stdout.write(`${line}\n`),
  log: (line) => process.stderr.write(`${line}\n`),
});
