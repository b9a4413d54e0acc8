import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTraceStore } from './open.ts';
import { batchOf, makeEvent, temporaryFolder } from './test-support/make.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test('a second opener in this process is refused, until the first has closed', async () => {
  const first = await openTraceStore({ dir: folder.dir });
  await expect(openTraceStore({ dir: folder.dir })).rejects.toThrow(/is open in process \d+.*--data/);
  await first.append(batchOf([makeEvent(1)]));
  await first.close();
  const second = await openTraceStore({ dir: folder.dir });
  expect((await second.state()).events).toBe(1);
  await second.close();
});

test('another process is named, and its lock is taken over once it is gone', async () => {
  const script = fileURLToPath(new URL('./test-support/append-forever.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(createInterface(child.stdout), 'line');
  await expect(openTraceStore({ dir: folder.dir })).rejects.toThrow(`is open in process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await openTraceStore({ dir: folder.dir });
  expect((await store.state()).events).toBeGreaterThan(0);
  await store.close();
});

test('the lock of a process whose number another one has now is taken over', async () => {
  await writeFile(join(folder.dir, 'lock'), JSON.stringify({ pid: process.ppid, started: 'long ago' }));
  const store = await openTraceStore({ dir: folder.dir });
  expect((await store.state()).events).toBe(0);
  await store.close();
});

test('a worker that died leaves the store to its successor', async () => {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.open).then(async ({ openTraceStore }) => {
      await openTraceStore({ dir: workerData.dir });
      setInterval(() => undefined, 1000);
      parentPort.postMessage('open');
    });`;
  const worker = new Worker(source, {
    eval: true,
    workerData: { open: new URL('./open.ts', import.meta.url).href, dir: folder.dir },
  });
  await once(worker, 'message');
  await expect(openTraceStore({ dir: folder.dir })).rejects.toThrow('is open in process');
  await worker.terminate();
  const store = await openTraceStore({ dir: folder.dir });
  await store.append(batchOf([makeEvent(1)]));
  await store.close();
});
