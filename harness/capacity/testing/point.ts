/** A point of a quiet machine, for tests that ask for one thing about it. */
import type { Point } from "../result.ts";

export function point({ voidBecause = "" }: { readonly voidBecause?: string }): Point {
  return {
    ...{ instances: 3, offeredPerSecond: null, clients: 30, achievedPerSecond: 40, p50Ms: 100, p95Ms: 120, p99Ms: 130 },
    ...{ operations: 400, errors: 0, seconds: 10, counts: {} },
    validity: { scheduleLagMs: 1, droppedIterations: 0, generatorCores: 0.1, steal: 0, voidBecause },
  };
}
