import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { leavesThePool, returnsToThePool, triedAgainAfter } from "./balancer-pool.ts";
import { evidence, injected, lateElsewhere, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

/** Bites at 10 020 ms, is being healed from 18 000 ms and healed at 18 020 ms. */
const faults = injected("kill", "api-1", 10_000, 18_000);
const write = (invokedAt: number, given: Partial<Operation> = {}): Operation =>
  operation({ f: "save", invokedAt, answeredAt: invokedAt + 5, by: "api-2", ...given });
const failing = { outcome: "info", served: "error", error: "status 502", by: "" } as const;
/** 20 writes a second. */
const every50 = (from: number, to: number, by = "api-2"): Operation[] =>
  Array.from({ length: Math.floor((to - from) / 50) }, (_, i) => write(from + 50 * i, { by }));

describe("leavesThePool", () => {
  const leaves = leavesThePool({ f: ["save"], fault: "kill", withinMs: 2000, retryMs: 30_000 });
  const judge = (operations: readonly Operation[], more = {}) => leaves(evidence({ faults, operations, ...more }));
  it("holds when only the first ones fail", () => {
    const check = judge([...every50(5000, 25_000), write(10_030, failing), write(10_060, failing)]);
    expect(check).toMatchObject({ verdict: "holds", numbers: { "kill#1 failedOperations": 2, "kill#1 errorWindowMs": 60 } });
  });
  it("accuses a failure in the midst of it", () =>
    expect(judge([...every50(5000, 25_000), write(14_020, failing)]).summary).toContain(
      "save failed at 14.020 s (status 502), 4000 ms after api-1 was seen down",
    ));
  it("says nothing of other operations, of what failed slowly, of what was shed, or of what an instance that is being started costs", () => {
    const others = [
      write(14_000, { ...failing, f: "read" }),
      write(14_000, { ...failing, answeredAt: 16_000 }),
      write(14_000, { outcome: "info", served: "shed" }),
      write(17_999, failing),
    ];
    expect(judge([...every50(5000, 25_000), ...others]).verdict).toBe("holds");
  });
  it("allows the failure of a try once the time outside is over", () => {
    const long = injected("kill", "api-1", 10_000, 60_000);
    expect(leaves(evidence({ faults: long, operations: [...every50(5000, 65_000), write(41_000, failing)] })).verdict).toBe("holds");
  });
  it("is inconclusive with nobody to see it, with a short outage, and while timers lagged", () => {
    expect(judge([write(14_000, failing)]).verdict).toBe("inconclusive");
    const short = injected("kill", "api-1", 10_000, 11_500);
    expect(leaves(evidence({ faults: short, operations: every50(5000, 25_000) })).verdict).toBe("inconclusive");
    expect(judge([...every50(5000, 25_000), write(14_020, failing)], { lagMs: 500 }).verdict).toBe("inconclusive");
  });
  it("never accuses a correct execution", () => neverAccuses(leaves));
});

describe("returnsToThePool", () => {
  const returns = returnsToThePool({ fault: "kill", withinMs: 32_000 });
  const judge = (...operations: readonly Operation[]) => returns(evidence({ faults, operations }));
  it("holds for one that serves again in time", () =>
    expect(judge(...every50(5000, 60_000), write(41_000, { by: "api-1" }))).toMatchObject({ verdict: "holds", examined: 1 }));
  it("accuses one that comes late, and one that never comes", () => {
    expect(judge(...every50(5000, 60_000), write(55_000, { by: "api-1" })).summary).toContain("answered nobody for 36985 ms");
    expect(judge(...every50(5000, 60_000)).summary).toContain("answered nobody until the load ended");
  });
  it("is inconclusive when the load ended first, and without a heal", () => {
    expect(judge(...every50(5000, 40_000)).verdict).toBe("inconclusive");
    expect(returns(evidence({ faults: faults.slice(0, 3), operations: every50(5000, 60_000) })).verdict).toBe("inconclusive");
  });
  it("never accuses a correct execution that was observed for less", () => neverAccuses(returnsToThePool({ fault: "kill", withinMs: 1e9 })));
});

describe("triedAgainAfter", () => {
  const tried = triedAgainAfter({ fault: "kill", afterMs: [30_000, 31_000], ejectedWithinMs: 2000 });
  const judge = (...operations: readonly Operation[]) => tried(evidence({ faults, operations }));
  it.each([40_000, 43_000])("holds for %i ms", (time) => expect(judge(...every50(5000, 60_000), write(time, { by: "api-1" })).verdict).toBe("holds"));
  it("accuses one that was tried early, late or never", () => {
    expect(judge(...every50(5000, 60_000), write(20_000, { by: "api-1" })).summary).toContain("answered its first request 10005 ms after");
    expect(judge(...every50(5000, 60_000), write(46_000, { by: "api-1" })).verdict).toBe("violated");
    expect(judge(...every50(5000, 60_000)).summary).toContain("was never tried again");
  });
  it("what was late when it was to be tried again decides nothing", () => {
    const looks = (lateAt: number) =>
      Array.from({ length: 140 }, (_, i) => sample(500 * i, "harness", { lagMs: Math.abs(500 * i - lateAt) < 500 ? 700 : 5 }));
    const late = (lateAt: number) =>
      tried(evidence({ faults, operations: [...every50(5000, 60_000), write(45_000, { by: "api-1" })], samples: looks(lateAt), lagMs: 700 })).verdict;
    expect([late(42_500), late(56_000)]).toEqual(["inconclusive", "violated"]);
  });
  it("is inconclusive when it was not healed in time, when nobody was there to eject it, or the load ended", () => {
    const long = injected("kill", "api-1", 10_000, 50_000);
    expect(tried(evidence({ faults: long, operations: every50(5000, 60_000) })).verdict).toBe("inconclusive");
    expect(judge(write(60_000)).verdict).toBe("inconclusive");
    expect(judge(...every50(5000, 41_000)).verdict).toBe("inconclusive");
  });
  it("any time within the bounds holds, any time outside of them and the uncertainty violates", () =>
    fc.assert(
      fc.property(fc.integer({ min: 18_100, max: 59_000 }), (time) => {
        const { verdict } = judge(...every50(5000, 60_000), write(time, { by: "api-1", answeredAt: time }));
        const slack = 10;
        if (time >= 40_000 && time <= 43_000) expect(verdict).toBe("holds");
        if (time < 40_000 - slack || time > 43_020 + slack) expect(verdict).toBe("violated");
      }),
    ));
});

describe("a lag of another time hides no miss", () => {
  it("of one that is not left alone, that does not return, and that is tried again too soon", () => {
    const leaves = leavesThePool({ f: ["save"], fault: "kill", withinMs: 2000, retryMs: 30_000 });
    const failed = [...every50(5000, 25_000), write(14_020, failing)];
    expect(leaves(evidence({ faults, operations: failed, ...lateElsewhere(12_000, 95_000, 3000) })).verdict).toBe("violated");
    const back = (time: number) => [...every50(5000, 60_000), write(time, { by: "api-1" })];
    const returns = returnsToThePool({ fault: "kill", withinMs: 32_000 });
    expect(returns(evidence({ faults, operations: back(58_000), ...lateElsewhere(20_000, 99_000, 10_000) })).verdict).toBe("violated");
    const tried = triedAgainAfter({ fault: "kill", afterMs: [30_000, 31_000], ejectedWithinMs: 2000 });
    expect(tried(evidence({ faults, operations: back(38_000), ...lateElsewhere(20_000, 95_000, 5000) })).verdict).toBe("violated");
  });
});
