/** The value that so large a part of them does not exceed; the last for 1. Infinity where there are none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Infinity;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
