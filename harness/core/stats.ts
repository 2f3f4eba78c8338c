/** Statistics that are defined once, for judges, reports and load scripts alike. Pure, ES2022. */

/**
 * The quantile `q` (0..1) of values already sorted in increasing order, by linear interpolation between the two closest ranks
 * (Hyndman and Fan's type 7, the default of R, NumPy and Excel). NaN for no values.
 */
export function quantileOfSorted(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const rank = Math.min(Math.max(q, 0), 1) * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  // Equal neighbours first: Infinity - Infinity would be NaN.
  return low === high || rank === below ? low : low + (rank - below) * (high - low);
}

/** {@link quantileOfSorted} of values in any order. */
export function quantile(values: readonly number[], q: number): number {
  return quantileOfSorted(ascending(values), q);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The largest value, or -Infinity for none; unlike `Math.max(...values)` it takes millions. */
export function largest(values: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > most) most = value;
  return most;
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Index of the first element of a sorted list that is not below `bound`: its length if all are. */
export function firstNotBelow(sorted: readonly number[], bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the times (ms) fall into each of `count` buckets of `widthMs`, the first starting at `from`; both ends: [from, to). Times outside are left out. */
export function buckets(times: readonly number[], from: number, widthMs: number, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const time of times) {
    const index = Math.floor((time - from) / widthMs);
    if (index >= 0 && index < count) counts[index] = (counts[index] as number) + 1;
  }
  return counts;
}
