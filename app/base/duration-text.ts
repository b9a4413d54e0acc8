const second = 1_000;

/** A duration in ms for a sentence, in two significant figures: `less than 1 ms`, `210 ms`, `4.2 s`, `12 min`. */
export function durationText(ms: number): string {
  if (ms < 1) return 'less than 1 ms';
  if (ms < second) return `${significant(ms)} ms`;
  if (ms < 120 * second) return `${significant(ms / second)} s`;
  if (ms < 7_200 * second) return `${significant(ms / 60 / second)} min`;
  return `${significant(ms / 3_600 / second)} h`;
}

function significant(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(2));
}
