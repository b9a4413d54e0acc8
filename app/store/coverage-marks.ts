import type { Coverage } from '../model/delivery.ts';
import { offsetRank } from './offset-rank.ts';

/**
 * Adds a mark to those of the same channel and partition: `read` marks that touch become one, and so do `dropped` marks
 * that both reach back to the beginning for the same reason (retention, again and again). Everything else is kept.
 */
export function addMark(marks: Coverage[], mark: Coverage): void {
  let merged = mark;
  // Newest first, since a mark nearly always continues the last one; what is merged may touch further ones.
  for (let i = marks.length - 1; i >= 0; i--) {
    const other = marks[i]!;
    if (!belongTogether(other, merged)) continue;
    merged = merge(other, merged);
    marks.splice(i, 1);
  }
  marks.push(merged);
}

function belongTogether(a: Coverage, b: Coverage): boolean {
  if (a.state !== b.state) return false;
  if (a.state === 'read') return touch(a, b);
  return a.state === 'dropped' && a.reason === b.reason && fromBeginning(a) && fromBeginning(b);
}

function fromBeginning(mark: Coverage): boolean {
  return mark.from === undefined && mark.fromOffset === undefined && mark.to !== undefined;
}

function touch(a: Coverage, b: Coverage): boolean {
  if (hasOffsets(a) || hasOffsets(b)) {
    if (!hasOffsets(a) || !hasOffsets(b)) return false;
    return (
      offsetRank(a.fromOffset) <= offsetRank(b.toOffset) && offsetRank(b.fromOffset) <= offsetRank(a.toOffset)
    );
  }
  if (a.from === undefined || a.to === undefined || b.from === undefined || b.to === undefined) return false;
  return a.from <= b.to && b.from <= a.to;
}

type WithOffsets = Coverage & { readonly fromOffset: string; readonly toOffset: string };

function hasOffsets(mark: Coverage): mark is WithOffsets {
  return mark.fromOffset !== undefined && mark.toOffset !== undefined;
}

function merge(a: Coverage, b: Coverage): Coverage {
  const from = least(a.from, b.from);
  const to = greatest(a.to, b.to);
  const count = a.count === undefined || b.count === undefined ? undefined : a.count + b.count;
  const ends = [a.toOffset, b.toOffset].filter((offset) => offset !== undefined);
  return {
    ...a,
    ...b,
    ...(hasOffsets(a) &&
      hasOffsets(b) && {
        fromOffset: offsetRank(a.fromOffset) < offsetRank(b.fromOffset) ? a.fromOffset : b.fromOffset,
      }),
    ...(ends.length > 0 && { toOffset: ends.reduce((x, y) => (offsetRank(x) > offsetRank(y) ? x : y)) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(count !== undefined && { count }),
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
