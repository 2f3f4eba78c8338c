import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { capacityGrows } from "./capacity-grows.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const check = capacityGrows({ f: "turn", fault: "grow-limited", tolerance: 0.25, settleMs: 2000, serviceMs: 200 });
/** One instance from 10 s, two from 30 s, three from 50 s; the load ends at 70 s. */
const faults = [1, 2, 3].flatMap((instances, i) =>
  injected("grow-limited", "api", 10_000 + 20_000 * i, 12_000 + 20_000 * i, `grow-limited#${instances}`).map((event) =>
    event.phase === "biting" ? { ...event, numbers: { instances } } : event,
  ),
);
/** 80 requests a second, of which so many are answered with one, two and three instances. */
const load = (perSecond: readonly [number, number, number], offered = 80): Operation[] =>
  Array.from({ length: 60 * offered }, (_, n) => {
    const invokedAt = 10_000 + (1000 * n) / offered;
    const served = (n % offered) * ((perSecond[Math.min(2, Math.floor((invokedAt - 10_000) / 20_000))] ?? 0) / offered);
    const yes = Math.floor(served + (perSecond[Math.min(2, Math.floor((invokedAt - 10_000) / 20_000))] ?? 0) / offered) > Math.floor(served);
    return operation({ f: "turn", invokedAt, ...(yes ? {} : { outcome: "info", served: "shed" }) });
  });
const lagging = (lagMs: number) => Array.from({ length: 60 }, (_, n) => sample(10_500 + 1000 * n, "api-1", { lagMs }));
const judge = (operations: readonly Operation[], samples = lagging(10)) => check(evidence({ faults, operations, samples }));

describe("capacityGrows", () => {
  it("holds for what grows in proportion, and a little less", () => {
    expect(judge(load([15, 30, 45]))).toMatchObject({ verdict: "holds", examined: 2 });
    expect(judge(load([15, 27, 38])).verdict).toBe("holds");
  });
  it("accuses what does not grow", () =>
    expect(judge(load([5, 5, 5])).summary).toMatch(/instances answered 5\.\d requests\/s .* times less 25 % are expected/));
  it("accuses a size that fails or hangs where the others refuse, and not one that was asked for no more than it could", () => {
    const never = Number.POSITIVE_INFINITY;
    const third = (how: object) => load([15, 30, 20]).map((one) => (one.invokedAt >= 50_000 && one.served !== "yes" ? { ...one, ...how } : one));
    expect(judge(third({ served: "error" })).summary).toMatch(/^3 instances answered 20\.\d requests\/s/);
    expect(judge(third({ answeredAt: never })).summary).toMatch(/^3 instances answered 20\.\d requests\/s/);
    const nobody = load([15, 30, 45]).map((one) => (one.invokedAt >= 50_000 ? { ...one, served: "error" as const, answeredAt: never } : one));
    expect(judge(nobody).summary).toContain("3 instances answered nobody");
    const calm = load([15, 30, 45]).filter(
      ({ invokedAt, served }) => invokedAt < 50_000 || (served === "yes" && Math.floor(invokedAt / 500) % 2 === 0),
    );
    expect(judge(calm)).toMatchObject({ verdict: "holds", examined: 1 });
  });
  it("is inconclusive when there was not enough to do, when the count is too small to tell, and while timers lagged", () => {
    expect(judge(load([15, 30, 45], 15)).verdict).toBe("inconclusive");
    expect(judge(load([15, 21, 31])).summary).toContain("Too few answers to tell");
    expect(judge(load([5, 5, 5]), lagging(50)).verdict).toBe("inconclusive");
  });
  it("is inconclusive for one size, and for none", () => {
    expect(check(evidence({ faults: faults.slice(0, 4), operations: load([15, 30, 45]), samples: lagging(10) })).verdict).toBe("inconclusive");
    expect(check(evidence()).verdict).toBe("inconclusive");
  });
  it("never accuses growth in proportion, whatever one instance can do", () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 26 }), (one) => judge(load([one, 2 * one, 3 * one])).verdict !== "violated"),
      { numRuns: 20 },
    ));
  it("never accuses a correct execution", () => neverAccuses(check));
});
