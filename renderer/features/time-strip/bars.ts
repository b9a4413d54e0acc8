/** Bars of a stacked histogram in a box as wide as there are stretches and 100 high, as paths of an SVG, lowest first. */
export function stackedBars<System extends string>(
  series: readonly { readonly system: System; readonly counts: readonly number[] }[],
): { readonly system: System; readonly path: string }[] {
  const highest = Math.max(1, ...totals(series));
  const tops: number[] = [];
  return series.map(({ system, counts }) => {
    const path = counts.flatMap((count, at) => {
      if (count === 0) return [];
      const below = tops[at] ?? 0;
      // One event among thousands is still seen.
      const height = Math.max(below === 0 ? 4 : 0, (count / highest) * 96);
      tops[at] = below + height;
      return [`M${at} ${round(100 - below)}h0.8v${round(-height)}h-0.8z`];
    });
    return { system, path: path.join('') };
  });
}

/** Events in each stretch, whatever their system. */
export function totals(series: readonly { readonly counts: readonly number[] }[]): number[] {
  const sums: number[] = [];
  for (const { counts } of series) counts.forEach((count, at) => (sums[at] = (sums[at] ?? 0) + count));
  return sums;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
