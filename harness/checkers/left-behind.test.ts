import { expect, test } from "vitest";
import { type Change, evidence, injected, lateElsewhere, ledger, trail } from "./fixtures.ts";
import { leftBehindInTime } from "./left-behind.ts";

const outage = injected("restart-postgres", "postgres", 5000, 20_000);
const left = ledger("run", [4000, "enter", "r1", 1, "queue-1"], [10_000, "exit", "r1", 1, "queue-1"]);
const claim: Change = [3990, "r1", "pending", "running", 1, "queue-1", "queue-1"];
const judged = (...more: readonly Change[]) => leftBehindInTime(evidence({ ledger: left, faults: outage, transitions: trail(claim, ...more) }));
const back = (time: number) => judged([time, "r1", "running", "pending", 1, "", "queue-2"]);

test("a run that was left without a database holds when it comes back in time, or its end turns out to be committed", () => {
  expect(back(25_000)).toMatchObject({ verdict: "holds", examined: 1, numbers: { slowestMs: 4980 } });
  expect(judged([25_000, "r1", "running", "success", 1, "", "queue-1"]).verdict).toBe("holds");
});

test("one that comes back late, or never, violates", () => {
  expect(back(31_000).verdict).toBe("holds");
  expect(back(31_100).summary).toContain("left the running state only at 31.100 s");
  expect(judged().summary).toContain("still running");
});

test("nothing is decided of what is not due, was told in time, or lagged, nor of a target without constants", () => {
  const never = evidence({ ledger: left, faults: outage, transitions: trail(claim) });
  expect(leftBehindInTime({ ...never, endsAt: 31_000 }).verdict).toBe("inconclusive");
  expect(leftBehindInTime({ ...never, lagMs: 1100 }).verdict).toBe("inconclusive");
  expect(leftBehindInTime({ ...never, constants: {} }).verdict).toBe("out of reach");
  expect(judged([5010, "r1", "running", "success", 1, "", "queue-1"]).verdict).toBe("inconclusive");
  expect(leftBehindInTime(evidence()).verdict).toBe("inconclusive");
});

test("another disturbance begins the bound anew", () => {
  const faults = [...outage, ...injected("pause", "queue-2", 28_000, 40_000)];
  const transitions = trail(claim, [50_000, "r1", "running", "pending", 1, "", "queue-2"]);
  expect(leftBehindInTime(evidence({ ledger: left, faults, transitions })).verdict).toBe("holds");
});

test("a lag of another time hides no miss", () => {
  const transitions = trail(claim, [40_000, "r1", "running", "pending", 1, "", "queue-2"]);
  const late = evidence({ ledger: left, faults: outage, transitions, ...lateElsewhere(31_000, 95_000, 20_000) });
  expect(leftBehindInTime(late).verdict).toBe("violated");
});
