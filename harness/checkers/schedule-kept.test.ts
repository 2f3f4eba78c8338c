import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { executions } from "./executions.ts";
import { scheduleKept } from "./schedule-kept.ts";

const evidence = (operations: number): Evidence =>
  ({ operations: Array(operations).fill({}), scheduledPerSecond: 60, endsAt: 1000 }) as unknown as Evidence;

describe("scheduleKept", () => {
  it("holds when nothing was dropped", () => expect(scheduleKept({ dropped: 0 })(evidence(10)).verdict).toBe("holds"));
  it("makes the run inconclusive, never violated, when operations were dropped", () => {
    const check = scheduleKept({ dropped: 62 })(evidence(10));
    expect(check.verdict).toBe("inconclusive");
    expect(check.summary).toContain("dropped 62");
  });
  it("is inconclusive without operations", () => expect(scheduleKept({ dropped: 0 })(evidence(0)).verdict).toBe("inconclusive"));
});

it("never accuses the target, and holds exactly where something was asked and nothing was dropped", () => {
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.nat({ max: 3 }), (operations, dropped) => {
      expect(scheduleKept({ dropped })(evidence(operations)).verdict).toBe(operations > 0 && dropped === 0 ? "holds" : "inconclusive");
    }),
    { numRuns: executions },
  );
});
