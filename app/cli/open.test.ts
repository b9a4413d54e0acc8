import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDemoDir } from './demo-dir.ts';
import { saysHowToServe } from './open.ts';
import { withServeOptions } from './serve.ts';

test.each([
  [[], false],
  [['--demo'], false],
  [['--demo', '--seed', '7'], false],
  [['a.hwcap'], false],
  [['--demo', '--port', '0'], true],
  [['--no-key-store'], true],
])('headwater %j says how to serve: %s', (args, says) => {
  const command = withServeOptions(new Command());
  command.parse(args, { from: 'user' });
  expect(saysHowToServe(command)).toBe(says);
});

test('the desktop app plays the demo in a data folder of its own, which goes with it', async () => {
  let made = '';
  await withDemoDir(7, async (dir) => {
    made = dir;
    expect(JSON.parse(await readFile(join(dir, 'connections.json'), 'utf8'))).toMatchObject([
      { id: 'live-demo-7', url: 'demo://?seed=7', wanted: true },
    ]);
  });
  expect(existsSync(made)).toBe(false);
});
