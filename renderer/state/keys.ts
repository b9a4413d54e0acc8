import { create } from 'zustand';
import type { KeyGroupDto, Problem } from '../../app/contract/page.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

export type NamedKeyDto = KeyGroupDto['names'][number];
export type KeyAction = 'accept' | 'reject' | 'undo';

interface KeysState {
  /** Undefined until first answered. */
  readonly groups?: readonly KeyGroupDto[];
  /** Names of which something is being said. */
  readonly busy: ReadonlySet<string>;
  readonly problem?: Problem;
  /** Views that show keys. */
  readonly shown: number;
}

export const useKeyGroups = create<KeysState>(() => ({ busy: new Set(), shown: 0 }));

const load = coalesce(async () => {
  try {
    useKeyGroups.setState({ groups: await engine().keys.list() });
  } catch {
    // Asked again when the link is back.
  }
}, 1000);

/** Asks anew what keys there are, while somebody looks at them. */
export function keysChanged(): void {
  if (useKeyGroups.getState().shown > 0) load();
}

/** Keeps keys up to date until the answer is called. */
export function showKeys(): () => void {
  useKeyGroups.setState(({ shown }) => ({ shown: shown + 1 }));
  load();
  return () => useKeyGroups.setState(({ shown }) => ({ shown: shown - 1 }));
}

/** Says whether a name's values tie events, and shows what came of it. */
export async function sayOfKey(name: string, action: KeyAction): Promise<void> {
  useKeyGroups.setState(({ busy }) => ({ busy: new Set([...busy, name]), problem: undefined }));
  try {
    await engine().keys.edit({ name, action });
    useKeyGroups.setState({ groups: await engine().keys.list() });
  } catch (error) {
    useKeyGroups.setState({ problem: asProblem(error) });
  }
  useKeyGroups.setState(({ busy }) => ({ busy: new Set([...busy].filter((each) => each !== name)) }));
}
