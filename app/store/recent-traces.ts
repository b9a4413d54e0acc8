import type { TraceSummary } from '../model/trace.ts';

/** Traces that ended last, in memory: what the list shows while traces come in, without asking the file each time. */
export interface RecentTraces {
  /** Begins anew with the newest of the file; `isAll` where it holds no others. */
  begin(newest: readonly RecentTrace[], isAll: boolean): void;
  put(trace: RecentTrace): void;
  remove(no: number): void;
  /** A page of all traces, newest last event first; undefined where memory does not hold it. */
  page(limit: number, offset: number): TraceSummary[] | undefined;
}

export interface RecentTrace {
  readonly no: number;
  readonly end: number;
  /** Made when somebody asks for it. */
  readonly summary: () => TraceSummary;
}

/** How many are held at least, once there are as many; twice of it at most. */
export const recentKept = 1_000;

/**
 * What is held is always complete from some time on: all traces that end after it, or at it with a higher number. The
 * oldest go when there are too many; when there are too few, the file has to be asked again.
 */
export function createRecentTraces(): RecentTraces {
  const held = new Map<number, RecentTrace>();
  /** The last that was let go: older ones are not here. Undefined while all are. */
  let edge: Pick<RecentTrace, 'no' | 'end'> | undefined;
  let sorted: RecentTrace[] | undefined;

  function inOrder(): RecentTrace[] {
    sorted ??= [...held.values()].sort(newestFirst);
    return sorted;
  }

  return {
    begin(newest, isAll) {
      held.clear();
      for (const trace of newest) held.set(trace.no, trace);
      sorted = undefined;
      edge = isAll ? undefined : inOrder().at(-1);
    },
    put(trace) {
      sorted = undefined;
      if (edge && newestFirst(trace, edge) > 0) {
        held.delete(trace.no);
        return;
      }
      held.set(trace.no, trace);
      if (held.size <= recentKept * 2) return;
      const all = inOrder();
      for (const { no } of all.splice(recentKept)) held.delete(no);
      edge = all.at(-1);
    },
    remove(no) {
      if (held.delete(no)) sorted = undefined;
    },
    page(limit, offset) {
      if (edge && held.size < offset + limit) return undefined;
      return inOrder()
        .slice(offset, offset + limit)
        .map(({ summary }) => summary());
    },
  };
}

function newestFirst(a: Pick<RecentTrace, 'no' | 'end'>, b: Pick<RecentTrace, 'no' | 'end'>): number {
  return b.end - a.end || b.no - a.no;
}
