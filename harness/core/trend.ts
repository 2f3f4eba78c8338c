/** The slope of a series of readings with its confidence interval. Pure, ES2022. */
import { ascending, median } from "./stats.ts";

export interface Trend {
  /** Units of the reading for each unit of time. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** The 99.5th percentile of the normal distribution: a two-sided interval of 99 %. */
const z = 2.5758;

/**
 * The Theil-Sen slope of readings with its confidence interval of 99 % by the normal approximation to Kendall's statistic (Sen, "Estimates of the Regression
 * Coefficient Based on Kendall's Tau", 1968). It takes outliers and any distribution of the error, but needs independent errors: neighbouring readings of a
 * gauge are not, so give it the medians of stretches ({@link stretches}). null for fewer than ten readings, where the approximation is poor.
 */
export function trendOf(times: readonly number[], values: readonly number[]): Trend | null {
  const n = times.length;
  if (n < 10) return null;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const apart = (times[j] as number) - (times[i] as number);
      if (apart !== 0) slopes.push(((values[j] as number) - (values[i] as number)) / apart);
    }
  }
  const sorted = ascending(slopes);
  const half = z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const last = sorted.length - 1;
  const at = (rank: number): number => sorted[Math.min(last, Math.max(0, rank))] as number;
  return { slope: median(sorted), low: at(Math.floor((sorted.length - half) / 2) - 1), high: at(Math.ceil((sorted.length + half) / 2)) };
}

/** The median time and value of each of `count` stretches of equal length; stretches without a reading are left out. */
export function stretches(
  times: readonly number[],
  values: readonly number[],
  count: number,
): { readonly times: number[]; readonly values: number[] } {
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const found = Array.from({ length: count }, () => ({ times: [] as number[], values: [] as number[] }));
  for (const [i, time] of times.entries()) {
    const stretch = found[Math.min(count - 1, Math.floor(((time - from) / (to - from || 1)) * count))];
    stretch?.times.push(time);
    stretch?.values.push(values[i] as number);
  }
  const filled = found.filter((stretch) => stretch.times.length > 0);
  return { times: filled.map((stretch) => median(stretch.times)), values: filled.map((stretch) => median(stretch.values)) };
}
