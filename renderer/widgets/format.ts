/** Words for numbers. Times are epoch milliseconds, spans milliseconds. */

const units = [
  { name: 'ms', size: 1, limit: 1000 },
  { name: 's', size: 1000, limit: 60 },
  { name: 'min', size: 60_000, limit: 60 },
  { name: 'h', size: 3_600_000, limit: 48 },
  { name: 'd', size: 86_400_000, limit: Number.POSITIVE_INFINITY },
] as const;

/** Two significant figures and a unit: `0.35 ms`, `120 ms`, `1.2 s`, `24 min`. */
export function duration(ms: number): string {
  return inUnits(ms, 2);
}

function inUnits(ms: number, precision: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return `−${inUnits(-ms, precision)}`;
  if (ms === 0) return '0 ms';
  for (const { name, size, limit } of units) {
    const rounded = Number((ms / size).toPrecision(precision));
    if (rounded < limit) return `${figures(rounded, precision)} ${name}`;
  }
  return '–';
}

/** Time since the trace began: `+120 ms`; `−3 ms` where clocks disagree. */
export function delta(ms: number): string {
  return signed(ms, 2);
}

function signed(ms: number, precision: number): string {
  return ms < 0 ? inUnits(ms, precision) : `+${inUnits(ms, precision)}`;
}

/** Times since the trace began, each with as many figures, up to four, as tell it from the one before. */
export function deltas(times: readonly number[]): string[] {
  return times.map((ms, index) => {
    const before = times[index - 1];
    if (before === undefined || before === ms) return delta(ms);
    const precision = [2, 3, 4].find((each) => signed(ms, each) !== signed(before, each)) ?? 4;
    return signed(ms, precision);
  });
}

function figures(value: number, precision: number): string {
  if (value >= 10) return String(value);
  if (value >= 1) return value.toFixed(precision - 1);
  return String(value);
}

/** `now`, `12 s ago`, `3 min ago`, `5 d ago`; `in 3 s` where a clock runs ahead. */
export function ago(time: number, now: number): string {
  const span = now - time;
  if (span < -1500) return `in ${whole(-span)}`;
  return span < 1000 ? 'now' : `${whole(span)} ago`;
}

/** How long since then: `0 s`, `12 s`, `3 min`. */
export function lasting(since: number, now: number): string {
  return whole(Math.max(0, now - since));
}

function whole(span: number): string {
  const unit = units.findLast(({ size, name }) => name !== 'ms' && span >= size) ?? units[1];
  return `${Math.floor(span / unit.size)} ${unit.name}`;
}

/** Local date and time with milliseconds and offset: `2026-03-01 10:00:00.123 +01:00`. */
export function absolute(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '−' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
  return `${day(date)} ${clock(time)} ${zone}`;
}

/** `10:00:00.123`, for where the day is clear. */
export function clock(time: number): string {
  const date = new Date(time);
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** A period as short as it stays clear: `10:00:05 to 10:01:00`, with the day where it is not that of `now`. */
export function period(from: number | undefined, to: number | undefined, now = Date.now()): string {
  const short = (time: number): string => {
    const date = new Date(time);
    const today = day(date) === day(new Date(now));
    return `${today ? '' : `${day(date)} `}${clock(time).slice(0, 8)}`;
  };
  if (from !== undefined && to !== undefined) return `${short(from)} to ${short(to)}`;
  if (from !== undefined) return `since ${short(from)}`;
  return to === undefined ? '' : `until ${short(to)}`;
}

function day(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

const grouped = new Intl.NumberFormat('en-US');

/** `1,234,567`. */
export function count(value: number): string {
  return grouped.format(value);
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** `999`, `1.28K`, `201K`, for where there is little room. */
export function compactly(value: number): string {
  return compact.format(value);
}

/** `1 event`, `2 events`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `512 B`, `1.4 kB`, `5.2 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const [size, name] = value < 999_500 ? [1000, 'kB'] : value < 999_500_000 ? [1e6, 'MB'] : [1e9, 'GB'];
  const scaled = value / size;
  return `${scaled < 9.95 ? scaled.toFixed(1) : Math.round(scaled)} ${name}`;
}

/** `0 events/s`, `3.4 events/s`, `120 events/s`. */
export function rate(perSecond: number): string {
  const value = perSecond < 10 ? Number(perSecond.toFixed(1)) : Math.round(perSecond);
  return `${count(value)} events/s`;
}

/** The last characters, which tell keys apart: `…c-12345`. */
export function tail(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(-length)}`;
}
