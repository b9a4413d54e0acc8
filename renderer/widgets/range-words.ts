import type { TimeRange } from '../../app/language/time-range.ts';
import { duration, period } from './format.ts';

const hour = 3_600_000;

/** A time range as it is named: `Last 15 min`, `Last hour`, `Today`, `All time`, `10:00:05 to 10:01:00`. */
export function rangeName(range: TimeRange, now = Date.now()): string {
  switch (range.kind) {
    case 'all':
      return 'All time';
    case 'today':
      return 'Today';
    case 'last':
      return range.span === hour ? 'Last hour' : `Last ${duration(range.span).replace('.0 ', ' ')}`;
    case 'between': {
      const words = period(range.from, range.to, now);
      return words.charAt(0).toUpperCase() + words.slice(1);
    }
  }
}

/** Where something was looked for, at the end of a sentence: `in the last 15 min`; nothing where it is all of time. */
export function rangeWithin(range: TimeRange, now = Date.now()): string {
  switch (range.kind) {
    case 'all':
      return '';
    case 'today':
      return 'today';
    case 'last':
      return `in the ${rangeName(range, now).toLowerCase()}`;
    case 'between':
      return range.from !== undefined && range.to !== undefined
        ? `from ${period(range.from, range.to, now)}`
        : period(range.from, range.to, now);
  }
}
