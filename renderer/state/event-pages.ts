import type { EventRowDto } from '../../app/contract/page.ts';

/** Rows that were pulled together, newest first. Far from what is on screen only their numbers are kept. */
export interface EventPage {
  /** Numbers of its first and its last row. */
  readonly newest: number;
  readonly oldest: number;
  readonly size: number;
  readonly rows?: readonly EventRowDto[];
}

/** A stretch of the tail without a hole: all events that match between its newest and its oldest. */
export interface EventPages {
  readonly pages: readonly EventPage[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Rows are pulled in pages of this many. */
export const pageSize = 200;
/** Pages above and below the screen whose rows are kept. */
const keptAround = 2;
/** Pages held while the tail is followed; what is older is pulled again when it is scrolled to. */
const followed = 5;

export const noPages: EventPages = { pages: [], more: false };

export function countRows({ pages }: EventPages): number {
  return pages.reduce((sum, { size }) => sum + size, 0);
}

/** The rows at these places (both included); undefined where they must be pulled again. */
export function rowsBetween(
  { pages }: EventPages,
  first: number,
  last: number,
): readonly (EventRowDto | undefined)[] {
  const found: (EventRowDto | undefined)[] = [];
  let start = 0;
  for (const { size, rows } of pages) {
    for (let place = Math.max(first, start); place <= Math.min(last, start + size - 1); place++)
      found.push(rows?.[place - start]);
    start += size;
    if (start > last) break;
  }
  return found;
}

/** The place of an event among all rows; -1 where it is not held. */
export function placeOf({ pages }: EventPages, id: string): number {
  let start = 0;
  for (const { size, rows } of pages) {
    const place = rows?.findIndex((row) => row.id === id) ?? -1;
    if (place >= 0) return start + place;
    start += size;
  }
  return -1;
}

/** The page and its neighbours that these places are on. */
export function pagesAt({ pages }: EventPages, first: number, last: number): readonly EventPage[] {
  let start = 0;
  return pages.filter(({ size }) => {
    const from = start;
    start += size;
    return from <= last && start > first;
  });
}

function page(rows: readonly EventRowDto[]): EventPage {
  return { newest: rows[0]?.seq ?? 0, oldest: rows.at(-1)?.seq ?? 0, size: rows.length, rows };
}

/** Cuts rows into pages; the first may be short, so that it can grow. */
function cut(rows: readonly EventRowDto[]): EventPage[] {
  const pages: EventPage[] = [];
  for (let end = rows.length; end > 0; end -= pageSize)
    pages.unshift(page(rows.slice(Math.max(0, end - pageSize), end)));
  return pages;
}

/** Puts rows on top. What is not newer than the top is there already. */
export function addNewer(list: EventPages, rows: readonly EventRowDto[]): EventPages {
  const [top, ...rest] = list.pages;
  const fresh = rows.filter(({ seq }) => seq > (top?.newest ?? Number.NEGATIVE_INFINITY));
  if (fresh.length === 0) return list;
  if (!top?.rows || top.size >= pageSize) return { ...list, pages: [...cut(fresh), ...list.pages] };
  return { ...list, pages: [...cut([...fresh, ...top.rows]), ...rest] };
}

/** Puts rows below the last one. */
export function addOlder(list: EventPages, rows: readonly EventRowDto[], more: boolean): EventPages {
  const bottom = list.pages.at(-1)?.oldest ?? Number.POSITIVE_INFINITY;
  const older = rows.filter(({ seq }) => seq < bottom);
  return { pages: older.length > 0 ? [...list.pages, page(older)] : list.pages, more };
}

/** Gives a page its rows back. Retention may have removed some meanwhile. */
export function refill(list: EventPages, newest: number, rows: readonly EventRowDto[]): EventPages {
  return {
    ...list,
    pages: list.pages.flatMap((each) => {
      if (each.newest !== newest || each.rows) return [each];
      const own = rows.filter(({ seq }) => seq <= each.newest && seq >= each.oldest);
      return own.length === 0 ? [] : [page(own)];
    }),
  };
}

/** Puts newer knowledge of some events in the place of the older: their trace, their producer. */
export function renew(list: EventPages, rows: readonly EventRowDto[]): EventPages {
  const known = new Map(rows.map((row) => [row.seq, row]));
  return {
    ...list,
    pages: list.pages.map((each) =>
      each.rows?.some(({ seq }) => known.has(seq))
        ? { ...each, rows: each.rows.map((row) => known.get(row.seq) ?? row) }
        : each,
    ),
  };
}

/** Forgets the rows of pages that are far from these places. */
export function keepNear(list: EventPages, first: number, last: number): EventPages {
  const near = new Set(pagesAt(list, first - keptAround * pageSize, last + keptAround * pageSize));
  if (list.pages.every((each) => near.has(each) || !each.rows)) return list;
  return {
    ...list,
    pages: list.pages.map((each) =>
      near.has(each) ? each : { newest: each.newest, oldest: each.oldest, size: each.size },
    ),
  };
}

/** While the top is followed, pages at the end are let go. */
export function keepTop(list: EventPages): EventPages {
  return list.pages.length <= followed ? list : { pages: list.pages.slice(0, followed), more: true };
}
