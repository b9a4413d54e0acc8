import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readRuleFiles, watchRuleFiles } from './rule-files.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-rules-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ours = JSON.stringify({ framework: 'Ours', headers: { vorgang: { as: 'id' } } });

test('a file that is wrong is told, and the others count', async () => {
  await writeFile(join(dir, 'a.json'), ours);
  await writeFile(join(dir, 'b.json'), '{ "framework": 1 }');
  await writeFile(join(dir, 'notes.txt'), 'no rules');
  const { rules, problems, version } = await readRuleFiles(dir);
  expect(rules.header('Vorgang').meanings).toEqual([{ as: 'id' }]);
  expect(problems).toEqual([expect.stringContaining(join(dir, 'b.json'))]);
  expect(version).toBeDefined();
});

test('without a folder there are no rules of one’s own', async () => {
  const { problems, version } = await readRuleFiles(join(dir, 'rules'));
  expect({ problems, version }).toEqual({ problems: [], version: undefined });
});

test('a change is told, also in a folder that is made later', async () => {
  const changed = vi.fn();
  const stop = watchRuleFiles(join(dir, 'rules'), changed);
  await mkdir(join(dir, 'rules'));
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), 10_000);
  const before = changed.mock.calls.length;
  await writeFile(join(dir, 'rules', 'a.json'), ours);
  await vi.waitFor(() => expect(changed.mock.calls.length).toBeGreaterThan(before), 10_000);
  stop();
});
