import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Journal, SideEffect } from '../model/source.ts';

/** A side effect that is on a broker now, or was when the process died. */
export interface JournalEntry {
  readonly connection: string;
  /** Where it is, so that it can be undone also when its connection was removed; see `brokerOf`. */
  readonly broker?: string;
  readonly effect: SideEffect;
}

/**
 * What Headwater has changed on brokers and not yet undone. On disk before the change happens, so that also a crash
 * or a power cut leaves a list of what to remove.
 */
export interface EffectJournal {
  readonly entries: readonly JournalEntry[];
  for(connection: string, broker?: string): Journal;
}

/** Opens the journal at `path` (JSON, replaced as a whole: it has a handful of entries). */
export async function openJournal(path: string): Promise<EffectJournal> {
  let entries: JournalEntry[] = [];
  try {
    entries = JSON.parse(await readFile(path, 'utf8')) as JournalEntry[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      // A journal that cannot be read must not stop the engine, nor be lost: a person may still clean up by hand.
      await rename(path, `${path}.unreadable`);
    }
  }
  let writing: Promise<void> = Promise.resolve();
  const save = () => {
    writing = writing.then(async () => {
      await mkdir(dirname(path), { recursive: true });
      const next = `${path}.next`;
      await writeFile(next, JSON.stringify(entries, null, 2), { mode: 0o600 });
      const file = await open(next, 'r+');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, path);
    });
    return writing;
  };
  const same = (a: SideEffect, b: SideEffect) => a.type === b.type && a.target === b.target;
  return {
    get entries() {
      return entries;
    },
    for: (connection, broker) => ({
      record(effect) {
        entries = entries.filter((e) => !(e.connection === connection && same(e.effect, effect)));
        entries.push({ connection, broker, effect });
        return save();
      },
      done(effect) {
        entries = entries.filter((e) => !(e.connection === connection && same(e.effect, effect)));
        return save();
      },
    }),
  };
}
