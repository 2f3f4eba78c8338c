/** How a figure is distributed over repeats of one experiment: one run shows that a time is possible, not that it is usual. Pure, ES2022. */
import { ascending, quantileOfSorted } from "./stats.ts";

export interface Distribution {
  /** In how many of the repeats the figure was measured. */
  readonly count: number;
  readonly least: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

/** The distribution of each figure over the repeats, by name. Figures that are not finite numbers are left out; a quantile of few repeats is an interpolation between them. */
export function overRepeats(repeats: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, Distribution> {
  const values = new Map<string, number[]>();
  for (const figures of repeats) {
    for (const [name, value] of Object.entries(figures)) {
      if (!Number.isFinite(value)) continue;
      const same = values.get(name);
      if (same) same.push(value);
      else values.set(name, [value]);
    }
  }
  return new Map(
    [...values].map(([name, all]) => {
      const sorted = ascending(all);
      const [least, p50, p95, most] = [0, 0.5, 0.95, 1].map((q) => quantileOfSorted(sorted, q)) as [number, number, number, number];
      return [name, { count: sorted.length, least, p50, p95, most }];
    }),
  );
}
