import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, lateElsewhere, operation } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { takeTheirShare } from "./scaled-out.ts";

const faults = injected("scale-out", "api", 10_000, 16_000).map((event) =>
  event.phase === "biting" ? { ...event, numbers: { from: 2, to: 5 } } : event,
);
/** A request each 20 ms until 50 s, answered by the instances in turn: api-1 and api-2 alone before 10.1 s. */
const served = (by: (n: number) => number): Operation[] =>
  Array.from({ length: 2300 }, (_, n) => {
    const invokedAt = 4000 + 20 * n;
    return operation({ f: "turn", invokedAt, by: `api-${invokedAt < 10_100 ? (n % 2) + 1 : by(n)}` });
  });
const check = takeTheirShare({ fault: "scale-out", withinMs: 3000, leastShare: 0.25 });
const judge = (operations: readonly Operation[], more = {}) => check(evidence({ faults, operations, ...more }));

describe("takeTheirShare", () => {
  it("holds for equal shares, and for unequal ones", () => {
    expect(judge(served((n) => (n % 5) + 1))).toMatchObject({ verdict: "holds", examined: 3 });
    expect(judge(served((n) => [1, 1, 1, 2, 2, 2, 3, 4, 4, 5][n % 10] ?? 1)).verdict).toBe("holds");
  });
  it("accuses an instance that was left out, and one that got next to nothing", () => {
    expect(judge(served((n) => (n % 4) + 1)).summary).toContain("api-5 was sent nothing within 3000 ms of the switch at 10.020 s");
    expect(judge(served((n) => (n % 100 === 99 ? 5 : (n % 4) + 1))).summary).toContain("5 % of an equal share of 5; 25 % are expected");
  });
  it("is inconclusive without new instances, without requests afterwards, and while timers lagged", () => {
    expect(check(evidence({ operations: served(() => 1) })).verdict).toBe("inconclusive");
    expect(judge(served((n) => (n % 4) + 1).filter(({ invokedAt }) => invokedAt < 14_000)).verdict).toBe("inconclusive");
    expect(
      judge(
        served((n) => (n % 4) + 1),
        { lagMs: 700 },
      ).verdict,
    ).toBe("inconclusive");
  });
  it("never accuses a correct execution", () => neverAccuses(check));
});

it("a lag of another time hides no miss: one that is sent its first request long after the switch", () =>
  expect(
    judge(
      served((n) => (n < 1000 ? (n % 4) + 1 : (n % 5) + 1)),
      lateElsewhere(12_000, 95_000, 30_000),
    ),
  ).toMatchObject({ verdict: "violated", summary: expect.stringContaining("api-5 was sent nothing within 3000 ms") }));
