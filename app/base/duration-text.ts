const second = 1_000;

type Round = (value: number) => number;

/**
 * A duration in ms for a sentence, in two significant figures: `less than 1 ms`, `210 ms`, `4.2 s`, `12 min`. A bound is
 * rounded with `Math.floor` or `Math.ceil`, so that it stays one.
 */
export function durationText(ms: number, round: Round = Math.round): string {
  if (ms < 1) return 'less than 1 ms';
  if (ms < second) return `${significant(ms, round)} ms`;
  if (ms < 120 * second) return `${significant(ms / second, round)} s`;
  if (ms < 7_200 * second) return `${significant(ms / 60 / second, round)} min`;
  return `${significant(ms / 3_600 / second, round)} h`;
}

function significant(value: number, round: Round): number {
  // 1.1 × 10 is a little more than 11, and would be rounded up to 12.
  return value >= 10 ? round(value) : round(Number((value * 10).toPrecision(12))) / 10;
}

/** Between two bounds: `1.9 to 2.1 s`, `900 ms to 1.2 s`, or `2 s` where two figures do not tell them apart. */
export function rangeText(least: number, most: number): string {
  const [low, high] = [durationText(least, Math.floor), durationText(most, Math.ceil)];
  if (low === high) return low;
  const unit = high.slice(high.indexOf(' '));
  return `${low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}
