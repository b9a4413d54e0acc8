import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = (...folders: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run.ts'), ...folders]);

const message = (id: string, orderId: string, headers: Record<string, string>, at: number) =>
  JSON.stringify({
    kind: 'message',
    id,
    system: 'kafka',
    channel: 'orders',
    time: new Date(1_772_359_200_000 + at).toISOString(),
    headers: { 'message-id': id, ...headers },
    payload: { orderId },
  });

test('a folder of labelled messages is judged in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-eval-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lines = [
    message('m-0001', 'ord-1001', {}, 0),
    message('m-0002', 'ord-1001', { 'causation-id': 'm-0001' }, 50),
    message('m-0003', 'ord-1002', {}, 60),
  ];
  await writeFile(join(folder, 'messages.ndjson'), lines.join('\n'));
  await writeFile(
    join(folder, 'truth.json'),
    JSON.stringify({ traces: [['m-0001', 'm-0002'], ['m-0003']], links: [['m-0001', 'm-0002']] }),
  );
  const { stdout } = await run(folder);
  expect(JSON.parse(stdout)).toMatchObject({ traceP: 1, traceR: 1, linkP: 1, linkR: 1, lines: 3 });
});

test('a folder that is none is named, and the run fails', async () => {
  await expect(run('/nowhere')).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('/nowhere'),
  });
});
