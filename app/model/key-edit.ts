/** What the user says of a name: whether its values tie events together. */
export interface KeyEdit {
  readonly kind: 'key-edit';
  /** As facts have it: `orderId`, `parentOrder`. */
  readonly name: string;
  /** `undo` takes back what was said before. */
  readonly action: 'accept' | 'reject' | 'undo';
  /** When it was said, epoch ms. The latest holds. */
  readonly at: number;
}

/** What was said of each name, at last. */
export interface KeyEdits {
  readonly size: number;
  get(name: string): 'accept' | 'reject' | undefined;
  /** False if something later was said of that name. */
  set(edit: KeyEdit): boolean;
  /** Also what was undone, so that an older saying does not come back. */
  all(): readonly KeyEdit[];
}

export function createKeyEdits(said: readonly KeyEdit[] = []): KeyEdits {
  const byName = new Map<string, KeyEdit>();
  const edits: KeyEdits = {
    get size() {
      return byName.size;
    },
    get(name) {
      const action = byName.get(name)?.action;
      return action === 'undo' ? undefined : action;
    },
    set(edit) {
      const before = byName.get(edit.name);
      // Of two said at once one has to hold, whichever came first.
      const isOlder =
        before && (edit.at < before.at || (edit.at === before.at && edit.action <= before.action));
      if (isOlder) return false;
      byName.set(edit.name, edit);
      return true;
    },
    all: () => [...byName.values()],
  };
  for (const edit of said) edits.set(edit);
  return edits;
}
