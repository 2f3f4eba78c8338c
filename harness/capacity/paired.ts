/** The ratio of two builds from windows that were measured in pairs, one right after the other: what the machine does in the meantime meets both. */
import type { Random } from "../core/random.ts";
import { ascending } from "../core/stats.ts";
import { type Estimate, mean, percentileInterval, studentFactor } from "./intervals.ts";

/** Of n values so many are left out at either end: stalls of the machine are no property of a build. */
function trimmed(n: number): number {
  return Math.floor(n / 5);
}

/**
 * The ratio b/a by the trimmed mean (20 % at either end) of the pairs' logarithms, with a bootstrap interval of 95 %, widened for how few pairs there are (an "expanded percentile"
 * interval: Hesterberg, "What Teachers Should Know About the Bootstrap", 2015).
 *
 * @param ratios at least 2, all above 0
 */
export function pairedRatio(ratios: readonly number[], random: Random, resamples = 1000): Estimate {
  const logs = ascending(ratios.map(Math.log));
  const n = logs.length;
  const value = trimmedMean(
    logs,
    logs.map(() => 1),
  );
  const drawn = Array.from({ length: resamples }, () => {
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < n; i++) {
      const at = Math.floor(random.next() * n);
      counts[at] = (counts[at] as number) + 1;
    }
    return trimmedMean(logs, counts);
  });
  const { low, high } = percentileInterval(drawn);
  const widening = studentFactor(n - 1) * Math.sqrt(n / (n - 1));
  return { value: Math.exp(value), low: Math.exp(value - widening * (value - low)), high: Math.exp(value + widening * (high - value)) };
}

/** Of sorted values, each taken so many times as its count says. */
function trimmedMean(sorted: readonly number[], counts: readonly number[]): number {
  const n = sorted.length;
  const cut = trimmed(n);
  let passed = 0;
  let total = 0;
  for (const [i, value] of sorted.entries()) {
    const from = Math.max(passed, cut);
    passed += counts[i] as number;
    const to = Math.min(passed, n - cut);
    if (to > from) total += (to - from) * value;
  }
  return total / (n - 2 * cut);
}

/** The ratio b/a of windows that are no pairs, by the means of the logarithms, with a bootstrap interval of 95 % widened as {@link pairedRatio}'s. */
export function unpairedRatio(a: readonly number[], b: readonly number[], random: Random, resamples = 1000): Estimate {
  const [left, right] = [a.map(Math.log), b.map(Math.log)] as [number[], number[]];
  const drawn = (of: readonly number[]): number => mean(of.map(() => random.pick(of)));
  const value = mean(right) - mean(left);
  const { low, high } = percentileInterval(Array.from({ length: resamples }, () => drawn(right) - drawn(left)));
  const n = Math.min(a.length, b.length);
  const widening = studentFactor(n - 1) * Math.sqrt(n / (n - 1));
  return { value: Math.exp(value), low: Math.exp(value - widening * (value - low)), high: Math.exp(value + widening * (high - value)) };
}
