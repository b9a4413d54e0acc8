import { parseMoment, printMoment } from './moment.ts';

/** The stretch of time that all views show: one for the whole page, kept in its address. */
export type TimeRange =
  | { readonly kind: 'all' }
  /** `span` ms before now, until now. */
  | { readonly kind: 'last'; readonly span: number }
  /** Since the last midnight, local time. */
  | { readonly kind: 'today' }
  | { readonly kind: 'between'; readonly from?: number; readonly to?: number };

/** Epoch ms, both included; a side that is missing is open. */
export interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

export const allTime: TimeRange = { kind: 'all' };

/** Reads `last=15m`, `last=today`, `from=2026-03-01T10:00Z&to=…`. What is none of these counts as all. */
export function parseRange(parameters: URLSearchParams): TimeRange {
  const last = parameters.get('last');
  if (last === 'today') return { kind: 'today' };
  const moment = last === null ? undefined : parseMoment(last);
  if (moment && 'ago' in moment && moment.ago > 0) return { kind: 'last', span: moment.ago };
  return between(timeIn(parameters, 'from'), timeIn(parameters, 'to'));
}

/** The range from one time to another, whichever comes first; all where both are open. */
export function between(from: number | undefined, to: number | undefined): TimeRange {
  if (from === undefined && to === undefined) return allTime;
  if (from !== undefined && to !== undefined)
    return { kind: 'between', from: Math.min(from, to), to: Math.max(from, to) };
  return { kind: 'between', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function timeIn(parameters: URLSearchParams, name: string): number | undefined {
  const moment = parseMoment(parameters.get(name) ?? '');
  return moment && 'at' in moment ? moment.at : undefined;
}

/** Writes a range as parameters of an address; `parseRange` reads the same one. All of time needs none. */
export function printRange(range: TimeRange): Readonly<Record<string, string>> {
  switch (range.kind) {
    case 'all':
      return {};
    case 'last':
      return { last: printMoment({ ago: range.span }) };
    case 'today':
      return { last: 'today' };
    case 'between':
      return {
        ...(range.from === undefined ? {} : { from: printMoment({ at: range.from }) }),
        ...(range.to === undefined ? {} : { to: printMoment({ at: range.to }) }),
      };
  }
}

/** The range ended before now: what happens now is not in it. */
export function isPast(range: TimeRange, now: number): boolean {
  return range.kind === 'between' && range.to !== undefined && range.to < now;
}

/** From when to when the range reaches, seen from `now`. */
export function boundsOf(range: TimeRange, now: number): Bounds {
  switch (range.kind) {
    case 'all':
      return {};
    case 'last':
      return { from: now - range.span };
    case 'today':
      return { from: new Date(now).setHours(0, 0, 0, 0) };
    case 'between': {
      const { from, to } = range;
      return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    }
  }
}
