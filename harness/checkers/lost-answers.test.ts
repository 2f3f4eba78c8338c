import { expect, test } from "vitest";
import { type Change, constants, evidence, injected, lateElsewhere, trail } from "./fixtures.ts";
import { lostAnswersAbsorbed } from "./lost-answers.ts";

/** A run that was claimed at a time, and executed so often. */
const run = (id: string, from: number, end = "success", executions = 1): Change[] => [
  [from - 20, id, null, "pending", 0, "", "api-1"],
  ...Array.from({ length: executions }, (_, i): Change[] => [
    [from + 6000 * i, id, "pending", "running", i + 1, "queue-1", "queue-1"],
    [from + 6000 * i + 1500, id, "running", i + 1 < executions ? "pending" : end, i + 1, "", "queue-1"],
  ]).flat(),
];
const hole = (to = 2500) => injected("one-way-black-hole", "queue-1->postgres", 1000, to);
const judged = (changes: readonly Change[], given: Partial<Parameters<typeof evidence>[0]> = {}) =>
  lostAnswersAbsorbed(evidence({ transitions: trail(...changes), faults: hole(), ...given }));

test("runs that ended well in their first execution hold, where some were under way", () =>
  expect(judged([...run("a", 500), ...run("b", 5000), ...run("c", 1200, "cancelled")])).toMatchObject({
    verdict: "holds",
    examined: 3,
    numbers: { ended: 3, underWay: 2 },
  }));

test("a run that is executed again violates, and one that ends in error", () => {
  expect(judged([...run("a", 500), ...run("b", 1200, "success", 2)])).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(run("b", 1200, "success", 2)).summary).toContain("run b was executed again from 7.200 s on (transition 3)");
  expect(judged(run("b", 1200, "error")).summary).toContain("run b ended in error at 2.700 s (transition 2)");
});

test("timers that lagged about then excuse an execution, and no error", () => {
  const late = { lagMs: 3000, samples: lateElsewhere(50_000, 7000, 3000).samples };
  expect(judged(run("b", 1200, "success", 2), late).verdict).toBe("inconclusive");
  expect(judged(run("b", 1200, "success", 2), lateElsewhere(7000, 95_000, 3000)).verdict).toBe("violated");
  expect(judged(run("b", 1200, "error"), late).verdict).toBe("violated");
});

test("nothing is examined where nobody was struck amid work, or what else was disturbed may cost an execution", () => {
  expect(judged(run("a", 5000)).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
  expect(judged(run("b", 1200, "success", 2), { faults: hole(6000) })).toMatchObject({
    verdict: "inconclusive",
    summary: "one-way-black-hole#1 may cost executions as well.",
  });
  expect(judged(run("b", 1200, "success", 2), { faults: [...hole(), ...injected("kill", "queue-1", 3000, 4000)] }).verdict).toBe("inconclusive");
  const { outageBudgetMs: _, ...others } = constants;
  expect(judged(run("a", 500), { constants: others }).verdict).toBe("out of reach");
});
