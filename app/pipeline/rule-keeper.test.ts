import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashText } from '../base/hash.ts';
import type { RawMessage } from '../model/message.ts';
import { openTraceStore } from '../store/open.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { readRuleFiles } from './rule-files.ts';
import { createRuleKeeper, rulesDir, type RuleKeeper } from './rule-keeper.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let dir: string;
let store: TraceStore;
let recorder: Recorder;
let keeper: RuleKeeper;
const problems: string[] = [];

/** Opens all as the engine does. Segments are small, so that there are several. */
async function open(): Promise<void> {
  store = await openTraceStore({ dir: join(dir, 'store'), segmentEvents: 40 });
  const found = await readRuleFiles(rulesDir(dir));
  recorder = await createRecorder({ store, rules: found.rules, onError: () => undefined });
  keeper = createRuleKeeper({
    dir,
    store,
    recorder,
    found,
    onProblem: (problem) => problems.push(problem),
  });
}

async function close(): Promise<void> {
  await keeper.close();
  await recorder.close();
  await store.close();
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-keeper-'));
  await mkdir(rulesDir(dir), { recursive: true });
  problems.length = 0;
  await open();
});
afterEach(async () => {
  await close();
  await rm(dir, { recursive: true, force: true });
});

const perVorgang = 2;
function message(n: number): RawMessage {
  const vorgang = Math.floor(n / perVorgang);
  const isFirst = n % perVorgang === 0;
  return {
    kind: 'message',
    channel: { system: 'kafka', cluster: 'test', name: isFirst ? 'eingang' : 'ausgang', kind: 'topic' },
    position: { partition: 0, offset: String(n) },
    time: 1_780_000_000_000 + n,
    clock: 'broker',
    observedAt: 1_780_000_000_000 + n,
    headers: [
      ['X-Vorgang', `V-${vorgang}-4711`],
      ['art', isFirst ? 'Angelegt' : 'Erledigt'],
      [isFirst ? 'nr' : 'wegen', `nr-${vorgang}`],
    ],
    body: '{"x":1}',
  };
}

async function record(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 10) {
    await recorder.record(
      'c1',
      Array.from({ length: 10 }, (_, i) => message(n + i)),
    );
    // A transaction each, so that segments fill up one by one.
    await recorder.settle();
  }
}

const ours = {
  framework: 'Ours',
  headers: {
    'X-Vorgang': { as: 'correlation', name: 'vorgang' },
    art: { as: 'type' },
    nr: { as: 'id' },
    wegen: { as: 'cause' },
  },
};
const writeRules = (rules: object) => writeFile(join(rulesDir(dir), 'ours.json'), JSON.stringify(rules));

/** How many traces there are, and what the one of a Vorgang is like. */
async function seen(vorgang: number) {
  await recorder.flush();
  const now = Date.now();
  const { total } = await store.listTraces({ now }, 1, 0);
  const keys = [{ name: 'vorgang', value: `V-${vorgang}-4711` }];
  const { rows } = await store.listTraces({ keys, now }, 10, 0);
  const detail = rows[0] && (await store.trace(rows[0].id));
  return {
    total,
    found: rows.length,
    types: detail?.events.map(({ facts }) => facts.type),
    links: detail?.links.map(({ evidence }) => evidence),
  };
}

const understood = (total: number) => ({
  total,
  found: 1,
  types: ['Angelegt', 'Erledigt'],
  links: ['causation-header'],
});

test('a rule that is written shows at once in what is stored already, and goes again with its file', async () => {
  await record(0, 200);
  expect(await seen(3)).toMatchObject({ total: 200, found: 0 });
  await writeRules(ours);
  await vi.waitFor(async () => expect(await seen(3)).toEqual(understood(100)), {
    timeout: 60_000,
    interval: 200,
  });
  expect(await seen(99)).toEqual(understood(100));
  await keeper.settled();
  // What comes now is understood so too, and joins what came before.
  await record(200, 220);
  expect(await seen(105)).toEqual(understood(110));
  await rm(join(rulesDir(dir), 'ours.json'));
  await vi.waitFor(async () => expect(await seen(3)).toMatchObject({ total: 220, found: 0 }), {
    timeout: 60_000,
    interval: 200,
  });
});

test('rereading that was interrupted goes on at the next start, and keys are found in all segments', async () => {
  await record(0, 200);
  await close();
  await writeRules(ours);
  await open();
  // At once: somewhere on the way.
  await close();
  await open();
  await keeper.settled();
  for (const vorgang of [0, 20, 50, 99]) expect(await seen(vorgang)).toEqual(understood(100));
  const hashes = (await store.keyHashesAfter(0, 100_000)).hashes;
  expect(hashes).toContain(hashText('V-0-4711'));
  expect(await store.activity()).toMatchObject([
    { channel: 'eingang', events: 100 },
    { channel: 'ausgang', events: 100 },
  ]);
  await close();
  await open();
  expect(await seen(50)).toEqual(understood(100));
});

test('recording goes on meanwhile, and nothing is lost or comes twice', async () => {
  await record(0, 400);
  await writeRules(ours);
  for (let n = 400; n < 600; n += 10) await record(n, n + 10);
  await vi.waitFor(async () => expect(await seen(3)).toEqual(understood(300)), {
    timeout: 60_000,
    interval: 200,
  });
  await keeper.settled();
  for (const vorgang of [0, 199, 200, 250, 299]) expect(await seen(vorgang)).toEqual(understood(300));
});

test('a file that is wrong is told once, and what is understood stays', async () => {
  await record(0, 20);
  await writeRules({ framework: 'Ours', headers: { x: { as: 'idd' } } });
  await vi.waitFor(() => expect(problems).toHaveLength(1), 10_000);
  expect(problems[0]).toContain('headers › x has an "as" that is none of');
});
