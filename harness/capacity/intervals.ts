/** Bootstrap intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993). */
import { ascending, quantileOfSorted } from "../core/stats.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An estimate with its interval of 95 %. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** The 97.5th percentile of the normal distribution. */
const z = 1.959964;

export function mean(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}

/** The middle `level` of values, by percentiles. */
export function percentileInterval(values: readonly number[], level = 0.95): Interval {
  const sorted = ascending(values);
  return { low: quantileOfSorted(sorted, (1 - level) / 2), high: quantileOfSorted(sorted, (1 + level) / 2) };
}

/** By how much wider than normal an interval of 95 % has to be when the noise is estimated with so many degrees of freedom: Student's t over z. */
export function studentFactor(degrees: number): number {
  if (degrees < 3) return (degrees < 2 ? 12.7062 : 4.3027) / z;
  // Cornish and Fisher's expansion, within 0.5 % from 3 degrees on.
  const z2 = z * z;
  return (
    1 +
    (z2 + 1) / (4 * degrees) +
    (5 * z2 * z2 + 16 * z2 + 3) / (96 * degrees ** 2) +
    (3 * z2 ** 3 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * degrees ** 3)
  );
}
