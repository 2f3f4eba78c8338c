import { describe, expect, it } from "vitest";
import { judgeWindow, type Seen } from "./objectives.ts";

const objectives = { successRatio: 0.999, p95Ms: 800, p99Ms: 1500, queueAgeMs: 300, firstEventMs: 1000 };
const good: Seen = {
  ...{ operations: 400, errors: 0, achievedPerSecond: 50, p50Ms: 510, p95Ms: 540, p99Ms: 600, p95FromSentMs: 540, p99FromSentMs: 600 },
  ...{ scheduleLagMs: 2, openAtMost: 30, arrivals: { wanted: 400, began: 400 }, vus: 150, queueAgeMs: 0, firstEventMs: 40 },
  ...{ steal: 0, others: 0, heldBack: false, problems: [] },
};
const outcomeOf = (seen: Partial<Seen>): string => judgeWindow({ ...good, ...seen }, objectives).outcome;

describe("a window against its objectives", () => {
  it("meets them, or misses by any of them", () => {
    expect(outcomeOf({})).toBe("met");
    expect(outcomeOf({ errors: 1 })).toBe("missed");
    expect(outcomeOf({ p95Ms: 801, p95FromSentMs: 801 })).toBe("missed");
    expect(outcomeOf({ p99Ms: 1501, p99FromSentMs: 1501 })).toBe("missed");
    expect(outcomeOf({ queueAgeMs: 301 })).toBe("missed");
    expect(outcomeOf({ firstEventMs: 1001 })).toBe("missed");
    expect(outcomeOf({ firstEventMs: Number.NaN })).toBe("met");
  });

  it("is void where the generator did not offer the load, unless the deployment's slowness kept it from it", () => {
    expect(outcomeOf({ arrivals: { wanted: 400, began: 390 } })).toBe("void");
    expect(outcomeOf({ arrivals: { wanted: 400, began: 390 }, openAtMost: 150, p95Ms: 3000, p95FromSentMs: 3000 })).toBe("missed");
  });

  it("is void where the generator's lateness alone can explain the miss, and is not where it cannot", () => {
    expect(outcomeOf({ scheduleLagMs: 400, p95Ms: 900, p95FromSentMs: 540 })).toBe("void");
    expect(outcomeOf({ scheduleLagMs: 400, p95Ms: 1900, p95FromSentMs: 1500 })).toBe("missed");
    // Late, and kept all the same: the load was not the one that was asked for.
    expect(outcomeOf({ scheduleLagMs: 400, p95Ms: 790 })).toBe("void");
  });

  it("excuses a miss by a busy machine or a hypervisor, and never a window that was met or that hit another limit", () => {
    const slow = { p95Ms: 900, p95FromSentMs: 900 };
    expect(outcomeOf({ ...slow, others: 0.5 })).toBe("void");
    expect(outcomeOf({ ...slow, steal: 0.1 })).toBe("void");
    expect(outcomeOf({ ...slow, others: 0.5, heldBack: true })).toBe("missed");
    expect(outcomeOf({ others: 0.5, steal: 0.1 })).toBe("met");
  });

  it("says nothing where the record is not whole", () => {
    expect(judgeWindow({ ...good, problems: ["The clock stepped back."] }, objectives)).toMatchObject({
      outcome: "void",
      voidBecause: "The clock stepped back.",
    });
  });
});
