/**
 * What the user says of a link between two events. It names them by their names: numbers differ from store to store.
 *
 * `confirm` and `add`: the first caused the second (a link that was guessed, or one that was not known). `cut`: it did not.
 * `undo`: nothing is said any more; it is kept, so that an older saying that comes later is not believed again.
 */
export interface LinkEdit {
  readonly kind: 'link-edit';
  readonly from: string;
  readonly to: string;
  readonly action: 'confirm' | 'add' | 'cut' | 'undo';
  /** When it was said, epoch ms. Of two sayings on one link the later holds. */
  readonly at: number;
}

/** All that the user said of links, each link once. What it holds does not depend on the order in which it was told. */
export interface LinkEdits {
  /** Takes a saying; false where it is no news. */
  set(edit: LinkEdit): boolean;
  /** What holds of this link, unless it was undone. */
  get(from: string, to: string): LinkEdit | undefined;
  /** What holds of the links in and out of an event. */
  of(event: string): readonly LinkEdit[];
  /** The events that the user linked with this one, in whichever direction. */
  tiedTo(event: string): readonly string[];
  /** Everything said, also what was undone. */
  all(): readonly LinkEdit[];
  /** Links of which something was said. */
  readonly size: number;
}

const none: readonly never[] = [];

/** Whether the edit says that the first event caused the second. */
export function isTie({ action }: LinkEdit): boolean {
  return action === 'confirm' || action === 'add';
}

export function createLinkEdits(edits: Iterable<LinkEdit> = []): LinkEdits {
  const byLink = new Map<string, LinkEdit>();
  const byEvent = new Map<string, Set<string>>();
  const said = (key: string): LinkEdit | undefined => {
    const edit = byLink.get(key);
    return edit?.action === 'undo' ? undefined : edit;
  };

  const all: LinkEdits = {
    set(edit) {
      const key = linkKey(edit.from, edit.to);
      const before = byLink.get(key);
      if (before && !isLater(edit, before)) return false;
      byLink.set(key, edit);
      for (const end of [edit.from, edit.to]) byEvent.set(end, (byEvent.get(end) ?? new Set()).add(key));
      return true;
    },
    get: (from, to) => (byLink.size === 0 ? undefined : said(linkKey(from, to))),
    of: (event) => [...(byEvent.get(event) ?? none)].flatMap((key) => said(key) ?? none),
    tiedTo(event) {
      if (!byEvent.has(event)) return none;
      return all
        .of(event)
        .filter(isTie)
        .map(({ from, to }) => (from === event ? to : from));
    },
    all: () => [...byLink.values()],
    get size() {
      return byLink.size;
    },
  };
  for (const edit of edits) all.set(edit);
  return all;
}

function linkKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** Of two said at once one has to hold, whichever came first. */
function isLater(a: LinkEdit, b: LinkEdit): boolean {
  return a.at > b.at || (a.at === b.at && a.action > b.action);
}
