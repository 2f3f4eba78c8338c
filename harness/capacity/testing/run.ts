/** Capacity runs for tests. */
import type { CapacityResult, Pair, Point } from "../result.ts";
import { point } from "./point.ts";

export function capacityRun(over: Partial<CapacityResult> = {}): CapacityResult {
  return {
    ...{ version: 1, startedAt: "2026-11-29T02:00:00.000Z", seed: 1, commit: "abc", target: "reference", scenario: "create-and-wait" },
    machine: { cpu: "A processor", cores: 2, memoryMb: 24106, kernel: "6.18", node: "v24.21.0" },
    ...{ settings: {}, objectives: {}, searched: [], sustainable: null, scaling: [], noise: [], pairs: [] },
    ...over,
  };
}

/** A point whose times are `by` times as long as those of {@link point}. */
export function slower(by: number, over: Partial<Point> = {}): Point {
  const base = point({});
  return { ...base, achievedPerSecond: base.achievedPerSecond / by, p50Ms: base.p50Ms * by, p95Ms: base.p95Ms * by, ...over };
}

/** Pairs in the order A B B A ..., the times of B `by` times as long, give or take `noise`. */
export function pairsOf(count: number, by: number, noise = 0.005): Pair[] {
  return Array.from({ length: count }, (_, i) => ({
    order: i % 2 === 0 ? "AB" : "BA",
    a: slower(1),
    b: slower(by * (1 + noise * ((i % 3) - 1))),
  }));
}
