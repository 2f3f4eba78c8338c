import { expect, test } from "vitest";
import { effectsOnce, successHasEffects } from "./effects.ts";
import { created, evidence, type Line, ledger, trail } from "./fixtures.ts";
import { alwaysFinds, inserted, neverAccuses, some } from "./property.ts";
import { acknowledgedRuns } from "./trail.ts";

const enter: Line = [1, "enter", "r1", 1, "queue-1"];
const judged = (...lines: Line[]) => effectsOnce(evidence({ ledger: ledger("run", enter, ...lines) }));

test("steps in order hold, and a resend is no repetition", () => {
  const lines = ledger("run", enter, [2, "step", "r1", 1, "queue-1", 1], [3, "step", "r1", 1, "queue-1", 2], [4, "exit", "r1", 1, "queue-1"]);
  expect(effectsOnce(evidence({ ledger: lines }))).toMatchObject({ verdict: "holds", examined: 2, numbers: { effectsRepeated: 0 } });
  const resent = lines.flatMap((entry) => (entry.kind === "step" ? [entry, entry] : [entry]));
  expect(effectsOnce(evidence({ ledger: resent.map((entry, seq) => ({ ...entry, seq })) }))).toMatchObject({ verdict: "holds", examined: 2 });
});

test("an exit of what was never entered is no effect", () => {
  const lines = ledger("run", enter, [2, "step", "r1", 1, "queue-1", 1], [3, "exit", "r1", 1, "queue-1"], [4, "exit", "r2", 1, "queue-2"]);
  expect(effectsOnce(evidence({ ledger: lines }))).toMatchObject({ verdict: "holds", examined: 1 });
});

test.each<readonly [string, Line, Line]>([
  ["executed step 1 twice", [2, "step", "r1", 1, "queue-1", 1], [3, "step", "r1", 1, "queue-1", 1]],
  ["reported step 3 after step 1", [2, "step", "r1", 1, "queue-1", 1], [3, "step", "r1", 1, "queue-1", 3]],
  ["reported step 1 after its exit", [2, "exit", "r1", 1, "queue-1"], [3, "step", "r1", 1, "queue-1", 1]],
  ["without having entered", [2, "step", "r1", 2, "queue-1", 1], [3, "step", "r1", 1, "queue-1", 1]],
  ["entered twice", [2, "enter", "r1", 1, "queue-1"], [3, "step", "r1", 1, "queue-1", 1]],
])("violates: %s", (text, first, second) => {
  expect(judged(first, second).verdict).toBe("violated");
  expect(judged(first, second).summary).toContain(text);
});

test("a step that a later attempt repeats is counted if the earlier one was given back, and violates if not", () => {
  const lines = ledger(
    "run",
    enter,
    [2, "step", "r1", 1, "queue-1", 1],
    [3, "closed", "r1", 1, "queue-1"],
    [9, "enter", "r1", 2, "queue-2"],
    [10, "step", "r1", 2, "queue-2", 1],
  );
  const claims = [
    [1, "r1", "pending", "running", 1, "queue-1", "queue-1"],
    [8, "r1", "pending", "running", 2, "queue-2", "queue-2"],
  ] as const;
  const back = [7, "r1", "running", "pending", 1, "", "queue-3"] as const;
  expect(effectsOnce(evidence({ ledger: lines, transitions: trail(claims[0], back, claims[1]) }))).toMatchObject({
    verdict: "holds",
    numbers: { effectsRepeated: 1 },
  });
  expect(effectsOnce(evidence({ ledger: lines, transitions: trail(...claims) })).verdict).toBe("violated");
  expect(effectsOnce(evidence({ ledger: lines })).verdict).toBe("holds");
});

test("a success needs its attempt's steps at the ledger", () => {
  const transitions = trail([1, "r1", "pending", "running", 1, "queue-1", "queue-1"], [9, "r1", "running", "success", 1, "queue-1", "queue-1"]);
  const lines = ledger("run", enter, [2, "step", "r1", 1, "queue-1", 1], [4, "exit", "r1", 1, "queue-1"]);
  const good = evidence({ transitions, ledger: lines });
  expect(successHasEffects(good).verdict).toBe("holds");
  expect(successHasEffects({ ...good, operations: [created("r1", 0, { steps: 2 })] }).summary).toContain("never made step 2");
  expect(successHasEffects({ ...good, ledger: lines.filter((entry) => entry.kind !== "step") }).verdict).toBe("violated");
  expect(successHasEffects({ ...good, ledger: lines.map((entry) => ({ ...entry, token: 2 })) }).summary).toContain("never entered");
});

test("nothing recorded is inconclusive", () => {
  expect(effectsOnce(evidence()).verdict).toBe("inconclusive");
  expect(successHasEffects(evidence()).verdict).toBe("inconclusive");
  expect(successHasEffects(evidence({ transitions: trail([9, "r1", "running", "success", 1, "q", "q"]) })).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => {
  neverAccuses(effectsOnce);
  neverAccuses(successHasEffects);
});

test("a step that was executed again is always found", () =>
  alwaysFinds(effectsOnce, (given, random) => {
    const step = some(random, given.ledger, ({ kind }) => kind === "step");
    return step && { ledger: inserted(given.ledger, { ...step, time: step.time + random.integer(0, 5000), nonce: "planted" }) };
  }));

test("a success without one of its steps is always found", () =>
  alwaysFinds(successHasEffects, ({ operations, transitions, ledger: lines }, random) => {
    const acknowledged = acknowledgedRuns(operations);
    const success = some(random, transitions, ({ subject, to }) => to === "success" && acknowledged.has(subject));
    const last = success && lines.findLast((entry) => entry.kind === "step" && entry.subject === success.subject && entry.token === success.attempt);
    return last && { ledger: lines.filter((entry) => entry !== last) };
  }));
