import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashText } from '../base/hash.ts';
import { compileRules, type Rules } from '../correlate/rules/index.ts';
import { readRules } from '../correlate/rules/read-rules.ts';

/** A user's own rules, together with those that come with Headwater. */
export interface RulesFound {
  readonly rules: Rules;
  /** Tells whether two findings mean the same; undefined where the user has none. */
  readonly version: string | undefined;
  /** What is wrong with which file, in sentences; those files do not count. */
  readonly problems: readonly string[];
}

/** Reads all `*.json` in a folder, in the order of their names: the first that knows a name is believed. */
export async function readRuleFiles(dir: string): Promise<RulesFound> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json')).toSorted();
  const read = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      try {
        return readRules(path, await readFile(path, 'utf8'));
      } catch (error) {
        // It went meanwhile, or may not be read.
        return { problem: `The rules in ${path} do not count: ${reason(error)}.` };
      }
    }),
  );
  const sets = read.flatMap(({ rules }) => rules ?? []);
  return {
    rules: compileRules(sets),
    version: sets.length === 0 ? undefined : String(hashText(JSON.stringify(sets))),
    problems: read.flatMap(({ problem }) => problem ?? []),
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Editors write a file in several steps: what comes within this time, ms, is one change. */
const settleMs = 150;

/**
 * Calls back when rules in the folder may have changed. Watches the folder around it too, so that it may be made, and
 * removed, at any time.
 * @returns stops watching.
 */
export function watchRuleFiles(dir: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let inner: ReturnType<typeof watch> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      openInner();
      onChange();
    }, settleMs);
  };
  const openInner = (): void => {
    inner?.close();
    inner = watched(dir, soon);
  };
  const outer = watched(join(dir, '..'), (name) => {
    if (name === null || name === basename(dir)) soon();
  });
  openInner();
  return () => {
    clearTimeout(timer);
    inner?.close();
    outer?.close();
  };
}

/** Undefined where there is nothing to watch. */
function watched(dir: string, onEvent: (name: string | null) => void) {
  try {
    const watcher = watch(dir, { persistent: false }, (_, name) => {
      onEvent(name);
    });
    // A folder that was removed.
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
}
