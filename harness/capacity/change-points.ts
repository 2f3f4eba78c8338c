/**
 * Where a series of nightly figures changed for good: E-divisive means (Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data", 2014),
 * as MongoDB does it (Daly et al., "The Use of Change Point Detection to Identify Software Performance Regressions", 2020). It needs no shape of the noise; the nights have to be
 * independent of each other, which windows of one run are not.
 */
import type { Random } from "../core/random.ts";
import { median } from "../core/stats.ts";

/** With fewer nights than this there is no verdict. */
export const leastNights = 30;
/** A change has to be seen for this many nights. */
const leastSegment = 5;
/** A series without a change is called changed at most this often. */
const level = 0.01;
/** The smallest p that so many permutations can show is half the level. */
const permutations = 199;

export interface ChangePoint {
  /** Index of the first night after the change. */
  readonly at: number;
  /** Medians of the stretches on either side, up to the next change. */
  readonly before: number;
  readonly after: number;
  /** Share of the permutations of the stretch in which it was found that split at least as well. */
  readonly p: number;
}

/** The changes in the order of the series. null: too few nights for a verdict. */
export function changePoints(series: readonly number[], random: Random): readonly ChangePoint[] | null {
  if (series.length < leastNights) return null;
  const found: { readonly at: number; readonly p: number }[] = [];
  const search = (from: number, to: number): void => {
    const stretch = series.slice(from, to);
    const split = bestSplit(stretch);
    if (!split) return;
    const p = significance(stretch, split.energy, random);
    if (p > level) return;
    found.push({ at: from + split.at, p });
    search(from, from + split.at);
    search(from + split.at, to);
  };
  search(0, series.length);
  const sorted = found.sort((a, b) => a.at - b.at);
  return sorted.map(({ at, p }, i) => ({
    ...{ at, p },
    before: median(series.slice(sorted[i - 1]?.at ?? 0, at)),
    after: median(series.slice(at, sorted[i + 1]?.at ?? series.length)),
  }));
}

function significance(stretch: readonly number[], energy: number, random: Random): number {
  let asGood = 1;
  for (let i = 0; i < permutations; i++) {
    const other = bestSplit(random.shuffle(stretch));
    if (other && other.energy >= energy) asGood++;
  }
  return asGood / (permutations + 1);
}

/**
 * The split whose sides differ most by their energy distance, the mean distance between the sides less the mean distances within them, weighed by their sizes. null: too short, or
 * all values are equal. The sums are moved along with the split, so that it takes n^2 steps.
 */
function bestSplit(values: readonly number[]): { readonly at: number; readonly energy: number } | null {
  const n = values.length;
  if (n < 2 * leastSegment) return null;
  const toAll = values.map((value) => values.reduce((sum, other) => sum + Math.abs(value - other), 0));
  let withinRight = toAll.reduce((sum, distance) => sum + distance, 0) / 2;
  let withinLeft = 0;
  let between = 0;
  let best: { readonly at: number; readonly energy: number } | null = null;
  for (let at = 1; at < n; at++) {
    const moved = values[at - 1] as number;
    let toLeft = 0;
    for (let i = 0; i < at - 1; i++) toLeft += Math.abs(moved - (values[i] as number));
    const toRight = (toAll[at - 1] as number) - toLeft;
    withinLeft += toLeft;
    withinRight -= toRight;
    between += toRight - toLeft;
    const [left, right] = [at, n - at];
    if (left < leastSegment || right < leastSegment) continue;
    const distance = (2 * between) / (left * right) - (2 * withinLeft) / (left * (left - 1)) - (2 * withinRight) / (right * (right - 1));
    const energy = ((left * right) / n) * distance;
    if (energy > 0 && (best === null || energy > best.energy)) best = { at, energy };
  }
  return best;
}
