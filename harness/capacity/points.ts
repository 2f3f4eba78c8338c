/** The points of a run that can be used, by what was asked for. */
import type { CapacityResult, Point } from "./result.ts";

export function validPoint({ validity, operations }: Point): boolean {
  return validity.voidBecause === "" && operations > 0;
}

/** "4 instances with 40/s" -> its valid points, in the order in which they were measured. */
export function pointsByLoad({ searched, scaling }: CapacityResult): ReadonlyMap<string, Point[]> {
  return Map.groupBy([...scaling, ...searched].filter(validPoint), ({ instances, offeredPerSecond, clients }) => {
    const load = offeredPerSecond === null ? `${clients} clients` : `${Number(offeredPerSecond.toFixed(2))}/s`;
    return `${instances} instances with ${load}`;
  });
}
