import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TraceStore } from '../store/trace-store.ts';
import type { Recorder } from './recorder.ts';
import { rereadEvents } from './reread.ts';
import { readRuleFiles, watchRuleFiles, type RulesFound } from './rule-files.ts';

/** Keeps what is stored understood by the rules that a user has now. */
export interface RuleKeeper {
  /** Resolves once what is stored is understood by the rules that were last found. */
  settled(): Promise<void>;
  /** Stops watching and rereading; the next start goes on. */
  close(): Promise<void>;
}

export interface RuleKeeperOptions {
  /** The data folder; rules are in `rules` there. */
  readonly dir: string;
  readonly store: TraceStore;
  readonly recorder: Pick<Recorder, 'setRules' | 'settle' | 'rebuildTraces'>;
  /** What the recorder was started with. */
  readonly found: RulesFound;
  readonly onProblem: (problem: string) => void;
}

/** Rules, and the number of the last event that was understood by others. */
interface Change extends Pick<RulesFound, 'rules' | 'version'> {
  readonly upTo: number;
}

/** How far what is stored is understood by which rules. In a file, so that a crash costs time only. */
const progress = z.object({
  version: z.string().optional(),
  /** Events after this number, up to `upTo`, are still to be read by these rules. */
  after: z.number(),
  upTo: z.number(),
  done: z.boolean(),
});
type Progress = z.infer<typeof progress>;

export function rulesDir(dir: string): string {
  return join(dir, 'rules');
}

export function createRuleKeeper(options: RuleKeeperOptions): RuleKeeper {
  const { dir, store, recorder, onProblem } = options;
  const path = join(dir, 'rules-applied.json');
  let { found } = options;
  let abort = new AbortController();
  let work: Promise<void> = Promise.resolve();

  function apply(): void {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    const { rules, version } = found;
    const upTo = recorder.setRules(rules);
    work = work
      .then(() => reread({ rules, version, upTo }, signal))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        onProblem(
          `What is stored could not be understood by the changed rules (${why}). Start Headwater anew to try again.`,
        );
      });
  }

  async function reread({ rules, version, upTo }: Change, signal: AbortSignal): Promise<void> {
    let state = await readProgress(path);
    const isSame = state.version === version;
    if (isSame && state.done) return;
    if (!isSame) {
      state = { version, after: 0, upTo, done: false };
      await writeProgress(path, state);
    }
    // What was understood by the earlier rules has to be there before it can be read.
    await recorder.settle();
    const save = (after: number) => writeProgress(path, { ...state, after });
    await rereadEvents(store, rules, state, save, signal);
    if (signal.aborted) return;
    await recorder.rebuildTraces(signal);
    if (signal.aborted) return;
    await writeProgress(path, { ...state, after: state.upTo, done: true });
  }

  async function rulesChanged(): Promise<void> {
    const before = found;
    found = await readRuleFiles(rulesDir(dir));
    for (const problem of found.problems) if (!before.problems.includes(problem)) onProblem(problem);
    if (found.version === before.version) return;
    apply();
  }

  found.problems.forEach(onProblem);
  apply();
  const stop = watchRuleFiles(rulesDir(dir), () => void rulesChanged());
  return {
    settled: () => work,
    async close() {
      stop();
      abort.abort();
      await work;
    },
  };
}

/** Without a file, or with one that is broken: all is understood by the rules that come with Headwater. */
async function readProgress(path: string): Promise<Progress> {
  try {
    return progress.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return { after: 0, upTo: 0, done: true };
  }
}

async function writeProgress(path: string, state: Progress): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
