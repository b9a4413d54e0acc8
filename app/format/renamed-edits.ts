import type { Event } from '../model/event.ts';
import type { LinkEdit } from '../model/link-edit.ts';

/** What the user said of links, in the names that events have in the file: masking may give them others. */
export interface EditRenamer {
  /** An event goes into the file, perhaps masked. */
  see(event: Event, written: Event): void;
  /** The edits whose events are both in the file: others would tell names that are not. */
  list(): LinkEdit[];
}

export function createEditRenamer(edits: readonly LinkEdit[]): EditRenamer {
  const wanted = new Set(edits.flatMap(({ from, to }) => [from, to]));
  const names = new Map<string, string>();
  return {
    see(event, written) {
      if (wanted.has(event.id)) names.set(event.id, written.id);
    },
    list: () =>
      edits.flatMap((edit) => {
        const [from, to] = [names.get(edit.from), names.get(edit.to)];
        return from === undefined || to === undefined || edit.action === 'undo'
          ? []
          : [{ ...edit, from, to }];
      }),
  };
}
