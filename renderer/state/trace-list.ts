import { create } from 'zustand';
import type { Problem, TraceRow } from '../../app/contract/page.ts';
import { allTime, boundsOf } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';
import { engine } from '../rpc/engine.ts';
import { asProblem } from '../rpc/problem.ts';
import { coalesce } from './coalesce.ts';

/** Rows are pulled in pages of this many, by offset, as they are scrolled to. */
export const pageSize = 200;
/** Pages held; those far from what is on screen are let go. */
const pagesHeld = 12;

interface TraceListState {
  /** What the list answers to. */
  readonly query: string;
  readonly range: TimeRange;
  /** Rows the list shows; undefined until the first answer to this query. */
  readonly total?: number;
  /** Page number → the ids on it. */
  readonly pages: ReadonlyMap<number, readonly string[]>;
  readonly rows: ReadonlyMap<string, TraceRow>;
  /** Traces that came since the list was held still. */
  readonly behind: number;
  readonly notes: readonly string[];
  readonly problem?: Problem;
}

/** The list of traces: ids by place, rows by id. A row component subscribes to its own row only. */
export const useTraceList = create<TraceListState>(() => ({
  query: '',
  range: allTime,
  pages: new Map(),
  rows: new Map(),
  behind: 0,
  notes: [],
}));

/** Rows on screen, first and last (inclusive), and whether new ones may push them down. */
let onScreen = { first: 0, last: 0 };
let following = true;
let wanted: { readonly query: string; readonly range: TimeRange } | undefined;
/** A range that ends now is fixed while one goes through its pages. */
let bounds = boundsOf(allTime, 0);
let generation = 0;
const underWay = new Set<number>();

/** The id at a place of the list; undefined while its page is on the way. */
export function idAt(state: Pick<TraceListState, 'pages'>, index: number): string | undefined {
  return state.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
}

/** Searches. What was found before stays until the new answer is there. */
export function searchTraces(query: string, range: TimeRange): void {
  if (wanted?.query === query && wanted.range === range) return;
  wanted = { query, range };
  restart();
}

function restart(): void {
  generation++;
  underWay.clear();
  following = true;
  onScreen = { first: 0, last: 0 };
  void load(0, true);
}

/** Everything known is old: another engine, or a link that was down. */
export function tracesRestarted(): void {
  if (wanted !== undefined) restart();
}

/** Time went on: a range that ends now begins later, and what was active is so no more. */
export function traceTimesMoved(): void {
  const isActive = [...useTraceList.getState().rows.values()].some(({ status }) => status === 'active');
  if (isActive || (following && (wanted?.range.kind === 'last' || wanted?.range.kind === 'today')))
    tracesChanged();
}

/** Tells which rows are on screen; pages that are missing are pulled. */
export function showRange(first: number, last: number): void {
  onScreen = { first, last };
  for (const page of visiblePages()) {
    if (!useTraceList.getState().pages.has(page)) void load(page);
  }
}

function visiblePages(): number[] {
  const from = Math.floor(onScreen.first / pageSize);
  const to = Math.floor(Math.max(onScreen.first, onScreen.last) / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** At the top the list follows what comes; elsewhere it is held still and counts. */
export function followTop(follow: boolean): void {
  if (following === follow) return;
  following = follow;
  if (follow && useTraceList.getState().behind > 0) void load(0, true);
}

/** Shows what came since the list was held still. */
export function catchUp(): void {
  following = true;
  onScreen = { first: 0, last: Math.min(onScreen.last - onScreen.first, pageSize - 1) };
  void load(0, true);
}

/** Some trace was made, changed, merged or split. */
export const tracesChanged = coalesce(async () => {
  if (wanted === undefined || useTraceList.getState().total === undefined) return;
  await Promise.all((following ? [0] : visiblePages()).map((page) => load(page, following)));
}, 100);

/**
 * Pulls a page. `anew` makes it the list's new beginning: all other pages are let go. Otherwise places stay as they
 * are on screen: what was added on top since then shifts the offset that is asked for, and only rows change.
 */
async function load(page: number, anew = false): Promise<void> {
  const { query, range } = wanted ?? { query: '', range: allTime };
  const asked = generation;
  if (anew) bounds = boundsOf(range, Date.now());
  if (!anew) {
    if (underWay.has(page)) return;
    underWay.add(page);
  }
  try {
    const { behind } = useTraceList.getState();
    const offset = page * pageSize + (anew ? 0 : behind);
    const answer = await engine().traces.list({ query, ...bounds, limit: pageSize, offset });
    if (asked !== generation) return;
    if (anew && following) begin({ query, range }, answer);
    else fill(page, answer, behind);
  } catch (error) {
    const problem = asProblem(error);
    if (asked === generation && problem.code !== 'lost') useTraceList.setState({ problem });
  } finally {
    if (!anew && asked === generation) underWay.delete(page);
  }
}

type Answer = Awaited<ReturnType<ReturnType<typeof engine>['traces']['list']>>;

function begin(search: Pick<TraceListState, 'query' | 'range'>, { rows, total, notes }: Answer): void {
  useTraceList.setState({
    ...search,
    total,
    notes,
    behind: 0,
    problem: undefined,
    pages: new Map([[0, rows.map(({ id }) => id)]]),
    rows: new Map(rows.map((row) => [row.id, row])),
  });
  for (const page of visiblePages()) if (page > 0) void load(page);
}

function fill(page: number, { rows, total }: Answer, askedBehind: number): void {
  const before = useTraceList.getState();
  const behind = Math.max(0, total - (before.total ?? total));
  const known = before.pages.has(page);
  const pages = new Map(before.pages);
  const cache = new Map(before.rows);
  for (const row of rows) cache.set(row.id, row);
  if (!known) {
    // What came between asking and answering sits on top of this page: skip it.
    const late = behind - askedBehind;
    pages.set(
      page,
      rows.slice(Math.max(0, late)).map(({ id }) => id),
    );
    letGo(pages, cache, page);
  }
  useTraceList.setState({ pages, rows: cache, behind, problem: undefined });
}

function letGo(pages: Map<number, readonly string[]>, rows: Map<string, TraceRow>, near: number): void {
  const far = [...pages.keys()].toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near));
  for (const page of far.slice(0, Math.max(0, pages.size - pagesHeld))) pages.delete(page);
  const held = new Set([...pages.values()].flat());
  for (const id of rows.keys()) if (!held.has(id)) rows.delete(id);
}
