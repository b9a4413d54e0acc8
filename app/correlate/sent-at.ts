/** Before this, a number is seconds (or no time at all); after it, milliseconds, microseconds or nanoseconds. */
const seconds = 1e11;
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);
/** NServiceBus writes `2026-03-01 10:00:00:123456 Z`. */
const colonFraction = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d):(\d{1,9}) ?Z$/;

/** A framework's own time as epoch ms: ISO 8601, NServiceBus's format, or a number since 1970. Undefined for anything else. */
export function sentAt(text: string): number | undefined {
  if (text.length < 9 || text.length > 40) return undefined;
  let time = Number(text);
  if (Number.isNaN(time)) {
    const [, day, clock, fraction] = colonFraction.exec(text) ?? [];
    time = Date.parse(day === undefined ? text : `${day}T${clock}.${fraction}Z`);
  } else if (time < seconds) time *= 1_000;
  else while (time > latest) time /= 1_000;
  return time >= earliest && time <= latest ? time : undefined;
}
