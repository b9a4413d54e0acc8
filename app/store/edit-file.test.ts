import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLinkEdits, type LinkEdit } from '../model/link-edit.ts';
import { openEditFile } from './edit-file.ts';

let dir = '';
let warnings: string[] = [];
const open = () =>
  openEditFile({
    ...{ dir, name: 'link-edits.json', what: 'Your changes to links', edits: createLinkEdits() },
    warn: (warning) => warnings.push(warning),
  });
const edit = (action: LinkEdit['action'], at: number): LinkEdit => ({
  ...{ kind: 'link-edit', from: 'a', to: 'b', action, at },
});

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'));
  warnings = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('what was said is there when it is opened again, and an older saying changes nothing', async () => {
  const file = await open();
  expect(file.list()).toEqual([]);
  await file.put([edit('cut', 2)]);
  await file.put([edit('add', 1)]);
  expect((await open()).list()).toEqual([edit('cut', 2)]);
  await Promise.all([file.put([edit('undo', 3)]), file.put([edit('confirm', 4)])]);
  expect((await open()).list()).toEqual([edit('confirm', 4)]);
  expect(warnings).toEqual([]);
  expect(await readdir(dir)).toEqual(['link-edits.json']);
});

test('a file that cannot be read is set aside with a sentence, and not overwritten', async () => {
  await writeFile(join(dir, 'link-edits.json'), '[{"kind":');
  const file = await open();
  expect(file.list()).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining('set aside as link-edits.json.broken')]);
  await file.put([edit('add', 1)]);
  expect((await readdir(dir)).sort()).toEqual(['link-edits.json', 'link-edits.json.broken']);
});
