import { extname, resolve } from 'node:path';

const opened = new Set(['.hwcap', '.ndjson', '.jsonl']);

const isOpenable = (path: string): boolean => opened.has(extname(path).toLowerCase());

/** The files among a process's arguments, absolute. Switches are Chromium's, and a folder is Electron's own argument. */
export function fileArguments(argv: readonly string[], cwd: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && isOpenable(argument))
    .map((argument) => resolve(cwd, argument));
}
