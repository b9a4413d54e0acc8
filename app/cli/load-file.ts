import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryDir, removeTemporaryDir } from '../base/temporary-dir.ts';
import type { Rules } from '../correlate/rules/index.ts';
import { openFile } from '../format/open-file.ts';
import type { ClockOffset } from '../model/clock.ts';
import type { Mask } from '../model/mask.ts';
import type { SourceItem } from '../model/source.ts';
import { createMasker, type Masker } from '../pipeline/mask.ts';
import { createRecorder } from '../pipeline/recorder.ts';
import { openTraceStore } from '../store/open.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { exitCode, Failure } from './failure.ts';
import { say } from './output.ts';

/** A file in a temporary store of its own. */
export interface Loaded {
  readonly store: TraceStore;
  /** The last time seen in each system, epoch ms: what counts as now. */
  readonly now: ReadonlyMap<string, number>;
  /** Which clocks are proven to differ, and how far. */
  readonly clockOffsets: readonly ClockOffset[];
  /** Removes the store. */
  close(): Promise<void>;
}

/** Problems told one by one; a file full of them is told in one line more. */
const problemsTold = 100;
const progressEveryMs = 2_000;

/** Opens files, masks what is to be masked, lets `use` read them, and removes what was made of them, also when interrupted. */
export async function withFiles<T>(
  paths: readonly string[],
  use: (loaded: Loaded) => Promise<T>,
  { mask, rules }: { readonly mask?: Mask; readonly rules?: Rules } = {},
): Promise<T> {
  const loaded = await loadFiles(paths, createMasker(mask), rules);
  try {
    return await use(loaded);
  } finally {
    await loaded.close();
  }
}

/**
 * Runs captures and message lines through the pipeline that brokers run through, several as if they were one file.
 * Bad lines are told on standard error.
 *
 * @throws Failure when a file is not there, is damaged, or holds nothing that can be read.
 */
async function loadFiles(
  paths: readonly string[],
  masker: Masker | undefined,
  rules: Rules | undefined,
): Promise<Loaded> {
  for (const path of paths) await mustBeFile(path);
  const dir = makeTemporaryDir(join(tmpdir(), 'headwater-'));
  try {
    const store = await openTraceStore({ dir });
    try {
      const recorded = await record(store, paths, masker, rules);
      return {
        store,
        ...recorded,
        async close() {
          await store.close();
          await removeTemporaryDir(dir);
        },
      };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    await removeTemporaryDir(dir);
    throw error;
  }
}

async function mustBeFile(path: string): Promise<void> {
  if (path === '-') return;
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Failure(exitCode.notThere, `There is no file ${path}.`);
  if (found.isDirectory())
    throw new Failure(exitCode.calledWrongly, `${path} is a folder: name a file in it.`);
}

async function record(
  store: TraceStore,
  paths: readonly string[],
  masker: Masker | undefined,
  rules: Rules | undefined,
): Promise<Pick<Loaded, 'now' | 'clockOffsets'>> {
  const now = new Map<string, number>();
  const recorder = await createRecorder({ store, rules, onError: () => undefined });
  try {
    let linesBefore = 0;
    for (const [index, path] of paths.entries()) {
      const meter = createMeter(path);
      const onEnd = (lines: number): void => {
        linesBefore += lines;
      };
      for await (const items of openFile(path, undefined, { linesBefore, onEnd })) {
        meter.count(items);
        for (const item of items) seeTime(now, item);
        // Topologies replace each other within a connection: each file is one.
        await recorder.record(`file-${index + 1}`, masker?.items(items) ?? items, { mayRepeat: true });
      }
      meter.end();
    }
    await recorder.flush();
    return { now, clockOffsets: recorder.clockOffsets() };
  } finally {
    await recorder.close();
  }
}

function seeTime(now: Map<string, number>, item: SourceItem): void {
  if (item.kind !== 'message' && item.kind !== 'coverage') return;
  const time = item.kind === 'message' ? item.time : (item.to ?? item.from);
  const { system } = item.channel;
  if (time !== undefined) now.set(system, Math.max(time, now.get(system) ?? time));
}

/** Counts what is read, tells problems and, when it takes long, how far it is. */
function createMeter(path: string) {
  let good = 0;
  let bad = 0;
  let told = Date.now();
  return {
    count(items: readonly SourceItem[]): void {
      for (const item of items) {
        if (item.kind !== 'alert') good++;
        else if (++bad <= problemsTold) say(item.message);
      }
      if (Date.now() - told < progressEveryMs) return;
      told = Date.now();
      say(`${path}: ${good.toLocaleString('en')} read`);
    },
    end(): void {
      if (bad > problemsTold) say(`${path}: ${bad - problemsTold} more lines skipped, ${bad} in all.`);
      if (good > 0 || bad === 0) return;
      throw new Failure(
        exitCode.failed,
        `${path} holds nothing that can be read. Give a capture (.hwcap) or message lines (.ndjson).`,
      );
    },
  };
}
