/** Delays between events, in ms; negative where clocks put an effect before its cause. */

/**
 * How likely each of some delays is beside the others: the logarithm of their density, per ms, by the distance to the
 * nearest (k-nearest-neighbour estimate, each left out of its own). It needs no scale: delays that vary by milliseconds
 * around two seconds are as near to each other as those around ten.
 */
export function logDensities(delays: readonly number[]): number[] {
  const n = delays.length;
  const order = delays.map((_, i) => i).sort((a, b) => (delays[a] as number) - (delays[b] as number));
  const sorted = order.map((i) => delays[i] as number);
  const near = Math.min(n - 1, Math.max(2, Math.ceil(Math.sqrt(n))));
  const densities = Array.from({ length: n }, () => 0);
  order.forEach((i, at) => {
    densities[i] = near < 1 ? loneDensity : Math.log(near / n) - Math.log(reachOf(sorted, at, near) + 1);
  });
  return densities;
}

/** Of a delay that was seen once. */
const loneDensity = -12;

/** The length of the shortest stretch that holds the delay at a place and so many others. */
function reachOf(sorted: readonly number[], at: number, others: number): number {
  let shortest = Infinity;
  for (let first = Math.max(0, at - others); first <= at && first + others < sorted.length; first++) {
    shortest = Math.min(shortest, (sorted[first + others] as number) - (sorted[first] as number));
  }
  return shortest;
}

/** The delays between which nearly all lie, widened to powers of two so that they seldom change. */
export function rangeOf(delays: readonly number[]): { readonly least: number; readonly most: number } {
  const least = Math.min(...delays);
  const most = Math.max(...delays);
  return { least: least < 0 ? -above(-least) : below(least), most: most < 0 ? -below(-most) : above(most) };
}

function above(delay: number): number {
  return 2 ** (Math.ceil(Math.log2(delay + 1)) + 1);
}

function below(delay: number): number {
  return delay < 4 ? 0 : 2 ** (Math.floor(Math.log2(delay)) - 1);
}

/**
 * Whether delays have their long tail above (up to 1) or below (down to -1) the middle, by deciles (after A. L. Bowley).
 * What one thing takes to follow another has a least time and no most: its tail is above. Seen from the effect to the cause
 * it is below, whatever clocks say.
 */
export function tailOf(delays: readonly number[]): number {
  if (delays.length < 8) return 0;
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] as number;
  const [low, middle, high] = [at(0.1), at(0.5), at(0.9)];
  return high === low ? 0 : (high + low - 2 * middle) / (high - low);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
