const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads an ISO 8601 time (with more than three decimals the rest becomes a fraction of a millisecond), or a number of
 * epoch milliseconds. A time without a zone is UTC, so that a file means the same everywhere.
 *
 * @returns epoch ms, or undefined where it is not a time.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && Math.abs(value) <= 8.64e15 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, date, minutes, seconds = '00', fraction = '', zone = 'Z'] = iso.exec(value.trim()) ?? [];
  if (date === undefined || minutes === undefined) return undefined;
  const decimals = fraction.padEnd(3, '0');
  const whole = Date.parse(`${date}T${minutes}:${seconds}.${decimals.slice(0, 3)}${zone.toUpperCase()}`);
  if (Number.isNaN(whole)) return undefined;
  const rest = decimals.slice(3, 9);
  return rest === '' ? whole : whole + Number(rest) / 10 ** rest.length;
}

/** Writes epoch ms as ISO 8601 in UTC, to the millisecond, or to the microsecond where the time has a fraction. */
export function printTime(ms: number): string {
  // From 1970 on rounding at once is exact to the microsecond; a carry into the next millisecond is thereby kept.
  const micros = Math.round((ms - Math.floor(ms)) * 1000);
  const whole = new Date(Math.floor(ms) + (micros === 1000 ? 1 : 0)).toISOString();
  return micros === 0 || micros === 1000 ? whole : `${whole.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
