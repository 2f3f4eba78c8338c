import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import type { Sample } from "../core/records.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { failsFast, refusesClearly, unreadyButAlive } from "./outage.ts";
import { neverAccuses } from "./property.ts";

const faults = injected("restart-postgres", "postgres", 10_000, 30_000);
const create = (invokedAt: number, tookMs: number): Operation =>
  operation({ f: "create", invokedAt, answeredAt: invokedAt + tookMs, outcome: "info", served: "shed", error: "status 503" });
/** The load goes on after the outage. */
const later = operation({ f: "create", invokedAt: 60_000 });

describe("failsFast", () => {
  const judge = (...operations: Operation[]) => failsFast({ f: ["create"] })(evidence({ faults, operations: [...operations, later] }));
  it("holds when early ones are answered by the budget, and later ones at once", () => {
    expect(judge(create(12_000, 5900), create(20_000, 30))).toMatchObject({ verdict: "holds", examined: 2 });
  });
  it("tells how long clients saw nothing but failures", () => {
    const back = operation({ f: "create", invokedAt: 31_000 });
    expect(judge(create(12_000, 5900), create(20_000, 30), back).numbers.failureToSuccessMs).toBe(31_010 - 17_900);
  });
  it("accuses an answer that came late, and one that never came", () => {
    expect(judge(create(12_000, 8000), create(20_000, 30)).summary).toContain("was answered after 8000 ms (status 503); 6000 ms are allowed");
    expect(judge(create(20_000, 1200)).summary).toContain("500 ms are allowed");
    expect(judge(create(20_000, Number.POSITIVE_INFINITY)).summary).toContain("was never answered");
  });
  it("leaves out what may have been served after the heal", () => {
    expect(judge(create(20_000, 30), create(29_900, 4000)).verdict).toBe("holds");
  });
  it("looks at what was under way when it began only where that is asked for, and from the bite on", () => {
    const judgeUnderWay = (...operations: Operation[]) =>
      failsFast({ f: ["create"], underWay: ["create"] })(evidence({ faults, operations: [create(20_000, 30), ...operations, later] }));
    expect(judge(create(20_000, 30), create(9900, 19_000)).verdict).toBe("holds");
    expect(judgeUnderWay(create(9900, 6050))).toMatchObject({ verdict: "holds", examined: 2 });
    expect(judgeUnderWay(create(9900, 50))).toMatchObject({ verdict: "holds", examined: 1 });
    expect(judgeUnderWay(create(9900, 8000)).summary).toContain("120 ms before restart-postgres#1 was seen biting, and was answered after 8000 ms");
  });
  it("is inconclusive when nothing came after the budget, or the outage was short", () => {
    expect(judge(create(12_000, 100)).verdict).toBe("inconclusive");
    const short = injected("restart-postgres", "postgres", 10_000, 13_000);
    expect(failsFast({ f: ["create"] })(evidence({ faults: short, operations: [create(12_000, 900), later] })).verdict).toBe("inconclusive");
  });
  it("a miss decides nothing while timers lagged", () => {
    expect(failsFast({ f: ["create"] })(evidence({ faults, operations: [create(20_000, 1200), later], lagMs: 150 })).verdict).toBe("inconclusive");
  });
  it("a lag that excuses half a second does not excuse a hang beyond the budget", () => {
    const lagged = (tookMs: number, lagMs: number) =>
      failsFast({ f: ["create"] })(evidence({ faults, operations: [create(12_000, tookMs), create(20_000, 30), later], lagMs })).verdict;
    expect([lagged(Number.POSITIVE_INFINITY, 150), lagged(8000, 150)]).toEqual(["violated", "violated"]);
    expect([lagged(6100, 150), lagged(8000, 1300)]).toEqual(["holds", "inconclusive"]);
  });
  it("a lag at another time, however long, hides no miss", () => {
    const lags = (lateAt: number) =>
      Array.from({ length: 120 }, (_, i) => ({ time: 500 * i, source: "harness", values: { lagMs: 500 * i === lateAt ? 3000 : 2 } }));
    const judgeWith = (lateAt: number) =>
      failsFast({ f: ["create"] })(evidence({ faults, operations: [create(20_000, 3400), later], lagMs: 3000, samples: lags(lateAt) })).verdict;
    expect([judgeWith(5000), judgeWith(21_000)]).toEqual(["violated", "inconclusive"]);
  });
  it("never accuses a correct execution", () => neverAccuses(failsFast({ f: ["create"] })));
});

describe("refusesClearly", () => {
  const judge = (...operations: Operation[]) => refusesClearly({ f: ["create"] })(evidence({ faults, operations }));
  const mistake = (invokedAt: number, error = "status 500"): Operation => ({ ...create(invokedAt, 30), served: "error", error });
  it("holds when all refusals say to come again, whatever was served or never answered", () => {
    const served = operation({ f: "create", invokedAt: 29_000 });
    expect(judge(create(20_000, 30), served, mistake(21_000, "request timeout"))).toMatchObject({ verdict: "holds", examined: 1 });
  });
  it("accuses an answer that calls the outage a mistake, but not one from outside the outage", () => {
    expect(judge(create(20_000, 30), mistake(21_000)).summary).toContain("answered with status 500 at 21.030 s, during restart-postgres#1");
    expect(judge(create(20_000, 30), mistake(31_000)).verdict).toBe("holds");
  });
  it("accuses a refusal that does not say when to come again", () => {
    const vague = { ...create(21_000, 30), error: "status 503 without Retry-After" };
    expect(judge(create(20_000, 30), vague).summary).toContain("answered with status 503 without Retry-After at 21.030 s");
  });
  it("is inconclusive when nobody was refused", () => expect(judge().verdict).toBe("inconclusive"));
  it("never accuses a correct execution", () => neverAccuses(refusesClearly({ f: ["create"] })));
});

describe("unreadyButAlive", () => {
  const sample = (time: number, values: Record<string, number>): Sample => ({ time, source: "api-1", values });
  const judge = (...samples: Sample[]) => unreadyButAlive(evidence({ faults, samples }));
  const there = { rssMb: 90, lagMs: 1 };
  it("holds when an instance is not ready and answers", () => {
    expect(judge(sample(11_000, { ready: 1, ...there }), sample(20_000, { ready: 0, ...there }), sample(31_000, { ready: 1 })).verdict).toBe("holds");
  });
  it("accuses one that says it is ready, and one that is silent", () => {
    expect(judge(sample(20_000, { ready: 1, ...there })).summary).toContain("said that it was ready");
    expect(judge(sample(20_000, { ready: 0, rssMb: 90 })).summary).toContain("answered nothing any more");
    expect(judge(sample(20_000, { ready: 0, live: 1, ...there })).verdict).toBe("holds");
    expect(judge(sample(20_000, { ready: 0, live: 0, ...there })).summary).toContain("said that it was to be restarted");
  });
  it("accuses one whose process is gone, or that says that it is to be restarted, however busy the machine was", () => {
    const judgeBusy = (values: Record<string, number>, more = faults) =>
      unreadyButAlive(evidence({ faults: more, samples: [sample(20_000, { ready: 0, ...values })], lagMs: 3000 }));
    expect(judgeBusy({ rssMb: 90 }).verdict).toBe("inconclusive");
    expect(judgeBusy({ live: 0, ...there }).verdict).toBe("violated");
    expect(judgeBusy({}).summary).toContain("api-1 had ended at 20.000 s");
    expect(judgeBusy({}, [...faults, ...injected("kill", "api-1", 19_000, 22_000)]).verdict).toBe("inconclusive");
  });
  it("is inconclusive when nobody looked", () => expect(judge().verdict).toBe("inconclusive"));
});
