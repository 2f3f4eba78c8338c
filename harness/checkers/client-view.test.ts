import { expect, test } from "vitest";
import { clientView } from "./client-view.ts";
import { evidence, operation, trail } from "./fixtures.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";
import { field, isTerminal, textField } from "./trail.ts";

const told = (status: string, invokedAt: number, outcome: "ok" | "info" = "ok") =>
  operation({ f: "wait", key: "r1", invokedAt, outcome, output: { status } });
const transitions = trail([50, "r1", "running", "success", 1, "queue-1", "queue-1"]);

test("answers that agree hold; unknown ones say nothing", () => {
  expect(clientView(evidence({ operations: [told("running", 0), told("success", 60)], transitions }))).toMatchObject({
    verdict: "holds",
    examined: 2,
  });
  expect(clientView(evidence({ operations: [told("success", 60), told("error", 90, "info")], transitions })).verdict).toBe("holds");
});

test("another end than the audit trail's violates", () => {
  expect(clientView(evidence({ operations: [told("error", 60)], transitions })).summary).toContain(
    "reported as error to p1 at 0.070 s, but it was success",
  );
  expect(
    clientView(evidence({ operations: [told("success", 60)], transitions: transitions.map((one) => ({ ...one, to: "pending" })) })).verdict,
  ).toBe("violated");
  expect(clientView(evidence({ operations: [told("success", 60), told("error", 90)] })).verdict).toBe("violated");
});

test("an end that is told before it was committed violates, but for the distance of the clocks", () => {
  const at = (time: number) => clientView(evidence({ operations: [told("success", 60)], transitions: transitions.map((one) => ({ ...one, time })) }));
  expect(at(72).verdict).toBe("holds");
  expect(at(300).summary).toContain("reported as success to p1 at 0.070 s, and became so only at 0.300 s");
});

test("the result of fewer steps than were asked for violates, and none as well", () => {
  const asked = operation({ f: "create", invokedAt: 0, input: { steps: 3 }, output: { run: "r1" } });
  const result = (steps: number | null) => operation({ f: "wait", key: "r1", invokedAt: 60, output: { status: "success", steps } });
  const verdictOf = (steps: number | null) => clientView(evidence({ operations: [asked, result(steps)], transitions })).verdict;
  expect([verdictOf(3), verdictOf(2), verdictOf(null)]).toEqual(["holds", "violated", "violated"]);
});

test("a run that was acknowledged is known to everybody who asks later", () => {
  const asked = operation({ f: "create", invokedAt: 0, input: { steps: 3 }, output: { run: "r1" } });
  const unknown = (invokedAt: number, f: string) => operation({ f, key: "r1", invokedAt, outcome: "info", error: "status 404" });
  const verdictOf = (invokedAt: number, f = "wait") =>
    clientView(evidence({ operations: [asked, unknown(invokedAt, f), told("success", 60)], transitions }));
  expect([verdictOf(5).verdict, verdictOf(20).verdict]).toEqual(["holds", "violated"]);
  expect([verdictOf(5, "stream").verdict, verdictOf(20, "stream").verdict]).toEqual(["holds", "violated"]);
  expect(verdictOf(20).summary).toContain("run r1, acknowledged at 0.010 s, was unknown to p1, who asked at 0.020 s");
});

test("going back violates, unless the questions were concurrent", () => {
  expect(clientView(evidence({ operations: [told("success", 60), told("running", 80)], transitions })).verdict).toBe("violated");
  expect(clientView(evidence({ operations: [told("success", 60), told("running", 71)], transitions })).verdict).toBe("holds");
});

test("no answer is inconclusive", () => {
  expect(clientView(evidence({ transitions })).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(clientView));

test("a wrong answer is always found", () =>
  alwaysFinds(clientView, ({ operations }, random) => {
    const answer = some(
      random,
      operations,
      ({ f, outcome, output }) => (f === "get" || f === "wait") && outcome === "ok" && isTerminal(textField(output, "status")),
    );
    const other = answer && some(random, ["success", "error", "cancelled"], (status) => status !== field(answer.output, "status"));
    return answer && { operations: operations.map((one) => (one === answer ? { ...one, output: { status: other ?? "" } } : one)) };
  }));
