import { serveShell, type ParentPort } from './shell-host.ts';

/** The engine's process under the desktop shell: its entry, which Electron forks as a utility process. */
const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
if (!parentPort)
  throw new Error('This is the entry of a utility process; the headwater command starts the engine.');
serveShell(parentPort);
