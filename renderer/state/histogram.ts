import { create } from 'zustand';
import { allTime, boundsOf } from '../../app/language/time-range.ts';
import type { TimeRange } from '../../app/language/time-range.ts';
import { engine } from '../rpc/engine.ts';
import type { PageClient } from '../rpc/link.ts';
import { asProblem } from '../rpc/problem.ts';
import { timeAxis, zoneAt } from './time-axis.ts';
import type { Axis } from './time-axis.ts';

type Series = Awaited<ReturnType<PageClient['events']['histogram']>>['series'];

interface HistogramState {
  /** Undefined where nothing was recorded, or nobody looked yet. */
  readonly axis?: Axis;
  /** Events of each system in each stretch of the axis. */
  readonly series: Series;
  /** Times of the first and the last event. */
  readonly first?: number;
  readonly last?: number;
  /** The engine said that nothing was recorded. */
  readonly nothing?: boolean;
  readonly problem?: string;
}

/** How many events there are, over the time range of the page. */
export const useHistogram = create<HistogramState>(() => ({ series: [] }));

/** Bars; narrow enough to see bursts, wide enough to be hit. */
const bars = 160;

let wanted: { readonly query: string; readonly range: TimeRange } | undefined;
let generation = 0;
let loading = false;

/** Shows how many events match over a range. Undefined: nobody looks. */
export function showHistogram(search: typeof wanted): void {
  wanted = search;
  generation++;
  loading = false;
  void load();
}

/** What the engine holds changed. */
export function recordedBetween(first: number | undefined, last: number | undefined): void {
  useHistogram.setState({ first, last, nothing: first === undefined });
  if (!loading) void load();
}

/** Time went on: a range that ends now begins later. */
export function histogramTimesMoved(): void {
  if (!loading && (wanted?.range.kind === 'last' || wanted?.range.kind === 'today')) void load();
}

async function load(): Promise<void> {
  if (!wanted) return;
  const { query, range } = wanted;
  const asked = generation;
  const axis = axisOf(range);
  if (!axis) return useHistogram.setState({ axis: undefined, series: [] });
  loading = true;
  try {
    const { from, to, buckets } = axis;
    const { series } = await engine().events.histogram({ query, from, to, buckets });
    if (asked === generation) useHistogram.setState({ axis, series, problem: undefined });
  } catch (error) {
    const { code, message } = asProblem(error);
    if (asked === generation && code !== 'lost') useHistogram.setState({ problem: message });
  } finally {
    if (asked === generation) loading = false;
  }
}

/** An open end is where the recording begins and ends, or now. */
function axisOf(range: TimeRange): Axis | undefined {
  const now = Date.now();
  const { first, last } = useHistogram.getState();
  const bounds = boundsOf(range, now);
  const from = bounds.from ?? first;
  const to = bounds.to ?? (range.kind === 'all' || range.kind === 'between' ? last : now);
  if (from === undefined || to === undefined) return undefined;
  return timeAxis(from, Math.max(from, to), bars, zoneAt(from));
}

/** The range twice as long around the same middle; all, where that holds everything. */
export function widened(range: TimeRange): TimeRange {
  const { axis, first, last } = useHistogram.getState();
  if (!axis || range.kind === 'all') return allTime;
  const half = (axis.to - axis.from) / 2;
  const [from, to] = [axis.from - half, axis.to + half];
  return first !== undefined && last !== undefined && from <= first && to >= last
    ? allTime
    : { kind: 'between', from, to: Math.min(to, Math.max(Date.now(), last ?? 0)) };
}
