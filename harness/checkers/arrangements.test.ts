import { describe, expect, it } from "vitest";
import { othersGoOn, workersCarryAlike } from "./arrangements.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const options = { f: "turn", fault: "arrange-workers", tolerance: 0.25, settleMs: 2000, serviceMs: 200 };
const arranged = (at: number, instances: number, workers: number, id: string) =>
  injected("arrange-workers", "api", at, at + 20, id).map((event) =>
    event.phase === "biting" ? { ...event, numbers: { instances, workers } } : event,
  );
/** One instance of four workers from 10 s on, two of two from 50 s on; each time one is killed. */
const faults = [
  ...arranged(10_000, 1, 4, "arrange-workers#1"),
  ...injected("kill", "api-1", 30_000, 35_000, "kill#2"),
  ...arranged(50_000, 2, 2, "arrange-workers#3"),
  ...injected("kill", "api-2", 70_000, 75_000, "kill#4"),
].sort((a, b) => a.time - b.time);
const samples = Array.from({ length: 180 }, (_, i) => sample(500 * i, "api-1", { ready: 1, lagMs: 5 }));
const turns = (from: number, to: number, perSecond: number, served: "yes" | "shed" = "yes") =>
  Array.from({ length: Math.round(((to - from) / 1000) * perSecond) }, (_, i) => {
    const answeredAt = from + (i * 1000) / perSecond;
    return operation({ f: "turn", invokedAt: answeredAt - 200, answeredAt, served, outcome: served === "yes" ? "ok" : "fail" });
  });
/** Answers a second in one instance, in two, and in what is left of these. */
const load = (one: number, two: number, left: number) =>
  [...turns(10_000, 30_000, one), ...turns(50_000, 70_000, two), ...turns(70_000, 75_000, left), ...turns(10_000, 85_000, 20, "shed")].sort(
    (a, b) => a.invokedAt - b.invokedAt,
  );

describe("workersCarryAlike", () => {
  const judge = (one: number, two: number, more = {}) =>
    workersCarryAlike(options)(evidence({ faults, samples, operations: load(one, two, 20), ...more }));
  it("holds when both arrangements answer alike", () =>
    expect(judge(58, 55)).toMatchObject({ verdict: "holds", summary: expect.stringContaining("1 x 4 58.0 requests/s, 2 x 2 54.9") }));
  it.each([
    ["one instance", 15, 58, "1 x 4 workers answered 15.0"],
    ["two instances", 58, 28, "2 x 2 workers answered 28.0"],
  ])("accuses %s that answers less", (_who, one, two, told) =>
    expect(judge(one, two)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(told) }),
  );
  it("accuses one that fails where the other refuses", () => {
    const failing = load(58, 0, 20).map((one) => (one.invokedAt >= 50_000 && one.served === "shed" ? { ...one, served: "error" as const } : one));
    expect(judge(58, 0, { operations: failing }).summary).toContain("2 x 2 workers answered 0.");
  });
  it("decides nothing where there was not more to do than could be done, or processors were saturated", () => {
    expect(judge(15, 58, { operations: load(15, 58, 20).filter(({ served }) => served === "yes") }).verdict).toBe("inconclusive");
    const late = samples.map(({ time }) => sample(time, "api-1", { ready: 1, lagMs: 100 }));
    expect(judge(15, 58, { samples: late }).verdict).toBe("inconclusive");
  });
});

describe("othersGoOn", () => {
  const judge = (left: number) => othersGoOn({ ...options, kill: "kill" })(evidence({ faults, samples, operations: load(58, 58, left) }));
  it("holds when the other one goes on, and tells what was left of one alone", () =>
    expect(judge(29)).toMatchObject({
      verdict: "holds",
      examined: 1,
      summary: expect.stringMatching(/of 1 x 4 workers 0 %, of 2 x 2 workers 50 %/),
    }));
  it("accuses instances that fall together", () =>
    expect(judge(5)).toMatchObject({ verdict: "violated", summary: expect.stringContaining("4.8 from 70.0") }));
});

it("accuses nobody of what was not done", () => {
  neverAccuses(workersCarryAlike(options));
  neverAccuses(othersGoOn({ ...options, kill: "kill" }));
});
