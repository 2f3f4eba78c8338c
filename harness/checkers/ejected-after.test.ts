import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { ejectedAfter } from "./ejected-after.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const left = { asked: 900, failed: 3, failedAtMost: 3, failedBeforeAsked: 2, askedOfHundredBefore: 50, othersSince: 400, sinceMs: 4500 };
/** Read at 15 000 ms, seen 20 ms later. */
const looked = (numbers: Partial<typeof left>, on = "api-1", from = 15_000): FaultEvent[] =>
  injected("read-the-balancers-log", on, from, from + 20).map((event) =>
    event.phase === "biting" ? { ...event, numbers: { ...left, ...numbers } } : event,
  );
/** Seen down at 10 020 ms, healed from 18 000 ms. */
const kill = injected("kill", "api-1", 10_000, 18_000);
const ejected = ejectedAfter({ fault: "kill", failures: 3 });
const judge = (numbers: Partial<typeof left>, more = {}) => ejected(evidence({ faults: [...kill, ...looked(numbers)], ...more }));

describe("ejectedAfter", () => {
  it("holds for one that was left out after three failures, or after more that came at the same time", () => {
    expect(judge({})).toMatchObject({ verdict: "holds", examined: 1, numbers: { "kill#1 failedRequests": 3 } });
    expect(judge({ failed: 6, failedAtMost: 7 }).verdict).toBe("holds");
  });
  it("accuses the balancer of leaving out one that failed twice at most", () => {
    expect(judge({ failed: 1, failedAtMost: 1, failedBeforeAsked: 0 }).summary).toContain(
      "api-1 was left out when 1 of the requests to it had failed",
    );
    expect(judge({ failed: 2, failedAtMost: 2 }).verdict).toBe("violated");
    expect(judge({ failed: 0, failedAtMost: 2 }).verdict).toBe("violated");
  });
  it("allows that what may have failed did", () => expect(judge({ failed: 1, failedAtMost: 3 }).verdict).toBe("holds"));
  it("accuses the balancer of asking one that had failed three times", () => {
    expect(judge({ failed: 4, failedAtMost: 4, failedBeforeAsked: 3 }).summary).toContain("another request when 3 to it had failed");
    expect(judge({ failed: 300, failedAtMost: 300, failedBeforeAsked: 170, othersSince: 0, sinceMs: 0 }).verdict).toBe("violated");
  });
  it("decides nothing where it was not left out for long enough, was seldom asked before, or nothing failed", () => {
    const early = { failed: 1, failedAtMost: 1, failedBeforeAsked: 0 };
    expect(judge({ ...early, othersSince: 99 }).verdict).toBe("inconclusive");
    expect(judge({ ...early, askedOfHundredBefore: 19 }).verdict).toBe("inconclusive");
    expect(judge({ failed: 0, failedAtMost: 0, failedBeforeAsked: 0 }).verdict).toBe("inconclusive");
    expect(judge({ ...early, othersSince: 100, askedOfHundredBefore: 20 }).verdict).toBe("violated");
  });
  it("allows that requests which were still open had failed there first", () => {
    // The last request by which it was asked was over by 10 520 ms.
    const open = (invokedAt: number, answeredAt: number) => operation({ f: "peek", invokedAt, answeredAt });
    const two = { failed: 2, failedAtMost: 2 };
    const gaveUp = { outcome: "info", served: "error", error: "request timeout" } as const;
    const unanswered = (invokedAt: number, answeredAt: number) => operation({ f: "peek", invokedAt, answeredAt, ...gaveUp });
    expect(judge(two, { operations: [unanswered(10_100, 12_100)] }).verdict).toBe("inconclusive");
    expect(judge(two, { operations: [unanswered(10_100, 10_900), unanswered(7_000, 9_000), unanswered(11_000, 13_000)] }).verdict).toBe("violated");
    expect(judge(two, { operations: [open(10_500, 15_300)] }).verdict).toBe("inconclusive");
    expect(judge(two, { operations: [open(10_500, Number.POSITIVE_INFINITY)] }).verdict).toBe("inconclusive");
    expect(judge(two, { operations: [open(10_530, 15_300), open(10_500, 14_900)] }).verdict).toBe("violated");
    expect(judge({ failed: 1, failedAtMost: 1 }, { operations: [open(10_500, 15_300)] }).verdict).toBe("violated");
  });
  it("decides nothing without a look at the same instance while it was down", () => {
    const early = { failed: 1, failedAtMost: 1 };
    const judged = (...faults: readonly FaultEvent[]) => ejected(evidence({ faults })).verdict;
    expect(judged(...kill)).toBe("inconclusive");
    expect(judged(...looked(early))).toBe("inconclusive");
    expect(judged(...kill, ...looked(early, "api-2"))).toBe("inconclusive");
    expect(judged(...kill, ...looked(early, "api-1", 17_990))).toBe("inconclusive");
    expect(judged(...kill, ...looked(early, "api-1", 10_010))).toBe("inconclusive");
    expect(judged(...kill.slice(0, 1), ...looked(early))).toBe("inconclusive");
    expect(ejected(evidence()).verdict).toBe("inconclusive");
  });
  it("accuses by the counts alone: fewer than three at most, or three certainly before another", () =>
    fc.assert(
      fc.property(fc.nat(20), fc.nat(5), fc.nat(20), (failed, perhaps, failedBeforeAsked) => {
        const { verdict } = judge({ failed, failedAtMost: failed + perhaps, failedBeforeAsked });
        const atMost = failed + perhaps;
        expect(verdict).toBe(failedBeforeAsked >= 3 ? "violated" : atMost === 0 ? "inconclusive" : atMost < 3 ? "violated" : "holds");
      }),
    ));
  it("never accuses a correct execution", () => neverAccuses(ejected));
});
