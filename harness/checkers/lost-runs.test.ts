import { expect, test } from "vitest";
import { created, evidence, injected, lateElsewhere, ledger, sample, trail } from "./fixtures.ts";
import { lostRuns, noAcknowledgedWriteLost } from "./lost-runs.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";
import { acknowledgedRuns, isTerminal } from "./trail.ts";

const check = lostRuns({ boundMs: 6000 });
const pending = trail([1000, "r1", null, "pending", 0, "", "api-1"]);

test("a run that is left lying is lost once three bounds are over", () => {
  const left = evidence({ operations: [created("r1", 990)], transitions: pending });
  expect(check(left)).toMatchObject({ verdict: "violated", numbers: { lostRuns: 1, lostPrefix: 1 } });
  expect(check({ ...left, endsAt: 18_000 })).toMatchObject({ verdict: "inconclusive", numbers: { notDue: 1 } });
});

test("nothing is due before the last heal, or while every slot is taken", () => {
  const left = evidence({ operations: [created("r1", 990)], transitions: pending });
  expect(check({ ...left, faults: injected("kill", "queue-1", 80_000, 90_000) }).verdict).toBe("inconclusive");
  expect(check({ ...left, faults: injected("kill", "queue-1", 80_000, 90_000).slice(0, 2) }).verdict).toBe("inconclusive");
  const full = Array.from({ length: 10 }, (_, i) => [2000, "enter", `x${i}`, 1, "queue-1"] as const);
  expect(check({ ...left, ledger: ledger("run", ...full) }).verdict).toBe("inconclusive");
});

test("runs that were begun in every slot and never end are lost, and those that wait for a slot are not due", () => {
  const runs = Array.from({ length: 10 }, (_, i) => `x${i}`);
  const wedged = evidence({
    operations: [...runs, "r1", "r2"].map((run) => created(run, 900)),
    transitions: trail(
      [950, "r2", null, "success", 1, "", "queue-1"],
      ...runs.map((run) => [2000, run, "pending", "running", 1, "queue-1", "queue-1"] as const),
      [2001, "r1", null, "pending", 0, "", "api-1"],
    ),
    ledger: ledger("run", ...runs.map((run) => [2010, "enter", run, 1, "queue-1"] as const)),
  });
  expect(check(wedged)).toMatchObject({ verdict: "violated", numbers: { lostRuns: 10, notDue: 1 } });
  expect(check({ ...wedged, endsAt: 20_000 })).toMatchObject({ verdict: "holds", numbers: { lostRuns: 0, notDue: 11 } });
});

test("a run whose handler still reports is not lost", () => {
  const steps = ledger("run", [2000, "enter", "r1", 1, "queue-1"], [95_000, "step", "r1", 1, "queue-1", 1]);
  expect(check(evidence({ operations: [created("r1", 990)], transitions: pending, ledger: steps })).verdict).toBe("inconclusive");
});

test("a run that is given back again and again is lost, and one whose attempts failed as often as they may is not yet", () => {
  const again = (times: number) =>
    Array.from({ length: times }, (_, i) => [
      [2000 + 5000 * i, "r1", "pending", "running", i + 1, "queue-1", "queue-1"] as const,
      [6000 + 5000 * i, "r1", "running", "pending", i + 1, "", "queue-1"] as const,
    ]).flat();
  const judged = (times: number, endsAt: number) =>
    check(
      evidence({
        operations: [created("r1", 990), created("r2", 900)],
        transitions: trail([950, "r2", null, "success", 1, "", "queue-1"], [1000, "r1", null, "pending", 0, "", "api-1"], ...again(times)),
        endsAt,
      }),
    );
  expect(judged(19, 100_000)).toMatchObject({ verdict: "violated", numbers: { lostRuns: 1 } });
  expect(judged(3, 22_000)).toMatchObject({ verdict: "holds", numbers: { notDue: 1 } });
});

test("what was late at the create excuses no run that is left lying, and what was late when it should have ended does", () => {
  const left = evidence({ operations: [created("r1", 50_000)], transitions: trail([50_005, "r1", null, "pending", 0, "", "api-1"]) });
  const looks = (lateAt: number) =>
    Array.from({ length: 200 }, (_, i) => sample(500 * i, "harness", { lagMs: Math.abs(500 * i - lateAt) < 500 ? 2000 : 5 }));
  expect(check({ ...left, samples: looks(50_000), lagMs: 2000 }).verdict).toBe("violated");
  expect(check({ ...left, samples: looks(66_000), lagMs: 2000 }).verdict).toBe("inconclusive");
});

test("the lost are split by where they lie", () => {
  const operations = ["r1", "r2", "r3", "r4"].map((run, i) => created(run, i * 100));
  const transitions = trail([1, "r2", null, "success", 1, "", "q"], [1, "r4", "running", "success", 1, "", "q"]);
  expect(check(evidence({ operations, transitions })).numbers).toMatchObject({ lostRuns: 2, lostPrefix: 1, lostMiddle: 1, lostSuffix: 0 });
});

test("acknowledged writes", () => {
  expect(noAcknowledgedWriteLost(evidence({ operations: [created("r1", 1)], transitions: pending })).verdict).toBe("holds");
  expect(noAcknowledgedWriteLost(evidence({ operations: [created("r2", 1)], transitions: pending })).verdict).toBe("violated");
  expect(noAcknowledgedWriteLost(evidence({ operations: [created("r2", 1)] })).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => {
  neverAccuses(lostRuns({ boundMs: 12_000 }));
  neverAccuses(noAcknowledgedWriteLost);
});

test("a run that never ends is always found", () =>
  alwaysFinds(lostRuns({ boundMs: 5000 }), ({ operations, transitions }, random) => {
    const run = some(random, [...acknowledgedRuns(operations).keys()], () => true);
    return run === undefined ? undefined : { transitions: transitions.filter((one) => one.subject !== run || !isTerminal(one.to)) };
  }));

test("a run that vanished is always found", () =>
  alwaysFinds(noAcknowledgedWriteLost, ({ operations, transitions }, random) => {
    const run = some(random, [...acknowledgedRuns(operations).keys()], () => true);
    return run === undefined ? undefined : { transitions: transitions.filter((one) => one.subject !== run) };
  }));

test("a lag of another time hides no miss", () => {
  const left = evidence({ operations: [created("r1", 990)], transitions: pending, endsAt: 40_000, ...lateElsewhere(19_000, 6000, 25_000) });
  expect(check(left).verdict).toBe("violated");
});
