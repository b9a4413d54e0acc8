import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTraceStore } from './open.ts';
import {
  allEvents,
  batchOf,
  makeEvent,
  orders,
  range,
  temporaryFolder,
  traceOf,
} from './test-support/make.ts';

// Files are written and synced: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Starts a process that appends, kills it once it answered for `events` events, and tells for how many it did. */
async function appendAndKill(events: number): Promise<number> {
  const script = fileURLToPath(new URL('./test-support/append-forever.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last >= events) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return last;
}

test('killed while appending, and again: no half batch, positions match events, numbers go on', async () => {
  let stored = 0;
  for (const more of [500, 2_300, 1_900]) {
    const answered = await appendAndKill(stored + more);
    const store = await openTraceStore({ dir: folder.dir, segmentEvents: 2_000 });
    const { nextSeq, events, watermark, warnings } = await store.state();
    stored = nextSeq - 1;
    expect(warnings).toEqual([]);
    expect(stored).toBeGreaterThanOrEqual(answered);
    expect(stored % 50).toBe(0);
    expect(events).toBe(stored);
    expect((await allEvents(store)).map(({ seq }) => seq)).toEqual(range(1, stored));
    expect(await store.checkpoints('c1')).toEqual([
      { kind: 'checkpoint', channel: orders, partition: 0, next: String(stored + 1) },
    ]);
    expect(stored - watermark).toBeLessThanOrEqual(100);
    expect((await store.listTraces({ now: 0 }, 1, 0)).total).toBe(watermark);
    // Found whatever segment it is in, sealed or not.
    for (const seq of [1, 2_001, stored]) {
      if (seq <= stored) expect((await store.event(makeEvent(seq).id))?.event.seq).toBe(seq);
    }
    await store.close();
  }
});

/** A store of three segments, the last with a log as after a crash: files are copied while the store is open. */
async function storeWithLogs(): Promise<void> {
  const source = await temporaryFolder();
  const store = await openTraceStore({ dir: source.dir, segmentEvents: 10 });
  for (const first of [1, 11]) {
    await store.append(batchOf(range(first, first + 9).map((seq) => makeEvent(seq))));
    await store.applyTraces({
      upserted: [traceOf(range(first, first + 9))],
      removed: [],
      watermark: first + 9,
    });
  }
  await store.append(batchOf(range(21, 25).map((seq) => makeEvent(seq))));
  // The first two are sealed behind; files must not change while they are copied.
  await vi.waitFor(async () => {
    const names = await readdir(source.dir);
    expect(names.filter((name) => /00000[12].duckdb.wal/.test(name))).toEqual([]);
  });
  for (const name of await readdir(source.dir)) {
    if (/duckdb|keys/.test(name))
      await writeFile(join(folder.dir, name), await readFile(join(source.dir, name)));
  }
  await store.close();
  await source.remove();
}

async function damage(name: string, change: (content: Buffer) => Buffer): Promise<void> {
  const path = join(folder.dir, name);
  await writeFile(path, change(await readFile(path)));
}

/** Changes texts, and no lengths: a length that points beyond the end looks like a log that was cut off. */
const scramble = (content: Buffer) => {
  for (let at = content.indexOf('orderId'); at >= 0; at = content.indexOf('orderId', at + 1))
    content[at]! ^= 0x5a;
  return content;
};

test('a log that cannot be replayed is set aside; the rest opens, says so, and is worked out again', async () => {
  await storeWithLogs();
  await damage('events-000003.duckdb.wal', scramble);
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 10 });
  const { warnings, nextSeq, watermark, events } = await store.state();
  expect(events).toBeGreaterThanOrEqual(20);
  expect(events).toBeLessThan(25);
  expect(warnings.join()).toMatch(/events-000003.*set aside/);
  expect((await readdir(folder.dir)).join()).toContain('set-aside');
  expect(watermark).toBe(0);
  expect(nextSeq).toBeGreaterThan(20);
  expect((await store.factsAfter(0, 100)).map(({ seq }) => seq).slice(0, 20)).toEqual(range(1, 20));
  await store.append(batchOf([makeEvent(nextSeq)]));
  expect((await store.event(makeEvent(nextSeq).id))?.event.seq).toBe(nextSeq);
  await store.close();
});

test('a log that was cut off in the middle loses only what was cut off', async () => {
  await storeWithLogs();
  await damage('events-000003.duckdb.wal', (content) => content.subarray(0, content.length - 20));
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 10 });
  expect((await store.factsAfter(0, 100)).map(({ seq }) => seq)).toEqual(range(1, 20));
  await store.close();
});

test('a segment that cannot be opened at all is set aside; the others are there', async () => {
  await storeWithLogs();
  await damage('events-000001.duckdb', () => Buffer.from('not a database'));
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 10 });
  const { warnings, watermark, nextSeq } = await store.state();
  expect(warnings.join()).toMatch(/events-000001.*set aside/);
  expect({ watermark, nextSeq }).toEqual({ watermark: 0, nextSeq: 26 });
  expect((await store.factsAfter(0, 100)).map(({ seq }) => seq)).toEqual(range(11, 25));
  await store.close();
});

test('a broken file of traces is made anew, to be filled from the events', async () => {
  await storeWithLogs();
  await damage('derived.duckdb', () => Buffer.from('not a database'));
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 10 });
  const { warnings, watermark, events } = await store.state();
  expect({ watermark, events }).toEqual({ watermark: 0, events: 25 });
  expect(warnings.join()).toMatch(/worked out again/);
  await store.applyTraces({ upserted: [traceOf(range(1, 25))], removed: [], watermark: 25 });
  expect((await store.trace('t1'))?.events).toHaveLength(25);
  await store.close();
});

test('keys of a sealed segment that are gone or cut off are made again from the events', async () => {
  await storeWithLogs();
  await rm(join(folder.dir, 'events-000001.keys'));
  await damage('events-000002.keys', (content) => content.subarray(0, content.length - 20));
  const store = await openTraceStore({ dir: folder.dir, segmentEvents: 10 });
  expect((await store.state()).warnings).toEqual([]);
  for (const seq of [1, 10, 15, 25]) expect((await store.event(makeEvent(seq).id))?.event.seq).toBe(seq);
  const { rows } = await store.listTraces({ keys: [{ value: 'o2' }], now: 0 }, 10, 0);
  expect(rows.map(({ id }) => id)).toEqual(['t1']);
  await store.close();
});
