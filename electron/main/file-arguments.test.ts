import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { fileArguments } from './file-arguments.ts';

it('finds the files that a start was given, and takes them from the folder it was started in', () => {
  const argv = [
    'electron',
    '/opt/headwater',
    '--inspect=0',
    'a.hwcap',
    '--x=b.ndjson',
    'B.NDJSON',
    'notes.txt',
  ];
  expect(fileArguments(argv, '/home/me')).toEqual([
    resolve('/home/me/a.hwcap'),
    resolve('/home/me/B.NDJSON'),
  ]);
  expect(fileArguments(['/usr/bin/odd.hwcap'], '/')).toEqual([]);
});
