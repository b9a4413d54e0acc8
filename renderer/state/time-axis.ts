/** Equal stretches of time that begin at round times: bars stay where they are while time goes on. */
export interface Axis {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Length of a stretch, ms. */
  readonly step: number;
  readonly buckets: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * second),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * minute),
  ...[1, 2, 3, 6, 12].map((each) => each * hour),
  ...[1, 2, 7, 14, 28].map((each) => each * day),
];

/** The shortest round step that goes into a span at most so often. */
function stepFor(span: number, most: number): number {
  const least = span / most;
  return steps.find((each) => each >= least) ?? Math.ceil(least / day) * day;
}

/** How far local time is ahead of UTC, ms: days begin at midnight there. */
export function zoneAt(time: number): number {
  return -new Date(time).getTimezoneOffset() * minute;
}

/** An axis that holds all from `from` to `to`, in at most `most` stretches. */
export function timeAxis(from: number, to: number, most: number, zone: number): Axis {
  const span = Math.max(1, to - from);
  // One stretch more may be needed, since the first begins before `from`.
  const step = stepFor(span, most - 1);
  const begin = Math.floor((from + zone) / step) * step - zone;
  const buckets = Math.max(1, Math.ceil((from + span - begin) / step));
  return { from: begin, to: begin + buckets * step, step, buckets };
}

/** Round times on an axis to put words at, at most `most`. */
export function axisTicks({ from, to }: Axis, most: number, zone: number): number[] {
  const step = stepFor(to - from, most);
  const ticks: number[] = [];
  for (let tick = Math.ceil((from + zone) / step) * step - zone; tick < to; tick += step) ticks.push(tick);
  return ticks;
}
