import type { Moment } from './query.ts';

const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

const relative = /^(\d{1,9})(ms|s|m|h|d|w)$/i;
const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads `15m`, `2h`, `2026-03-01`, `2026-03-01T10:00` (local time, as the page shows times), `2026-03-01T10:00Z`.
 * Undefined where it is none of these.
 */
export function parseMoment(text: string): Moment | undefined {
  const span = relative.exec(text);
  if (span) {
    const unit = span[2]?.toLowerCase() as keyof typeof units;
    return { ago: Number(span[1]) * units[unit] };
  }
  if (!iso.test(text)) return undefined;
  // A date alone would be read as UTC, and a date with a time as local; both are local here.
  const at = Date.parse(text.length === 10 ? `${text}T00:00` : text.toUpperCase().replace(',', '.'));
  return Number.isNaN(at) ? undefined : { at };
}

/** Writes a moment so that `parseMoment` reads the same one. */
export function printMoment(moment: Moment): string {
  if ('at' in moment) return new Date(moment.at).toISOString();
  for (const [unit, size] of Object.entries(units)) {
    const count = moment.ago / size;
    if (Number.isInteger(count) && count > 0) return `${count}${unit}`;
  }
  return '0ms';
}
