import { expect, test } from "vitest";
import { created, evidence, operation, trail } from "./fixtures.ts";
import { oneTerminalTransition } from "./one-terminal.ts";
import { alwaysFinds, inserted, neverAccuses, some } from "./property.ts";
import { isTerminal } from "./trail.ts";

const good = [
  [1, "r1", null, "pending", 0, "", "api-1"],
  [2, "r1", "pending", "running", 1, "queue-1", "queue-1"],
  [3, "r1", "running", "pending", 1, "", "queue-2"],
  [4, "r1", "pending", "running", 2, "queue-2", "queue-2"],
  [5, "r1", "running", "success", 2, "queue-2", "queue-2"],
] as const;

test("one end for each run holds", () => {
  const check = oneTerminalTransition(evidence({ operations: [created("r1", 0)], transitions: trail(...good) }));
  expect(check).toMatchObject({ verdict: "holds", examined: 1 });
});

test("a second end is told with both writers", () => {
  const check = oneTerminalTransition(evidence({ transitions: trail(...good, [6, "r1", "success", "success", 2, "queue-2", "queue-1"]) }));
  expect(check.verdict).toBe("violated");
  expect(check.summary).toBe(
    "run r1 was completed by queue-1 (attempt 1) after queue-2 (attempt 2) had completed it (transitions 4, 5, at 0.006 s).",
  );
});

test("a finished run that goes on violates, acknowledged or not", () => {
  const check = oneTerminalTransition(evidence({ transitions: trail(...good, [6, "r1", "success", "running", 3, "queue-1", "queue-1"]) }));
  expect(check.summary).toContain("went back from success to running");
});

test("an acknowledged run that is nowhere violates, one of unknown outcome does not", () => {
  const lost = evidence({ operations: [created("r2", 0)], transitions: trail(...good) });
  expect(oneTerminalTransition(lost).verdict).toBe("violated");
  const unknown = { ...lost, operations: [operation({ f: "create", invokedAt: 0, outcome: "info", output: { run: "r2" } })] };
  expect(oneTerminalTransition(unknown).verdict).toBe("holds");
  expect(oneTerminalTransition({ ...lost, operations: [created("r2", 99_995)] }).verdict).toBe("holds");
});

test("no trail is inconclusive", () => {
  expect(oneTerminalTransition(evidence({ operations: [created("r1", 0)] })).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(oneTerminalTransition));

test("a second end is always found", () =>
  alwaysFinds(oneTerminalTransition, ({ transitions }, random) => {
    const end = some(random, transitions, (transition) => isTerminal(transition.to));
    if (!end) return undefined;
    const again = {
      ...end,
      from: end.to,
      to: random.pick(["success", "error", "cancelled", "pending"]),
      by: "queue-9",
      time: end.time + random.integer(1, 9000),
    };
    return { transitions: inserted(transitions, again) };
  }));
