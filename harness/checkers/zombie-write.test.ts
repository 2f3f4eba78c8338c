import { expect, test } from "vitest";
import { type Change, evidence, trail } from "./fixtures.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";
import { noZombieWrite } from "./zombie-write.ts";

const taken = [
  [1, "r1", null, "pending", 0, "", "api-1"],
  [2, "r1", "pending", "running", 1, "queue-1", "queue-1"],
  [3, "r1", "running", "pending", 1, "", "queue-3"],
  [4, "r1", "pending", "running", 2, "queue-2", "queue-2"],
] as const;
const judged = (...more: Change[]) => noZombieWrite(evidence({ transitions: trail(...taken, ...more) }));

test("anybody gives back or cancels, the handler completes", () => {
  expect(judged([5, "r1", "running", "success", 2, "queue-2", "queue-2"])).toMatchObject({ verdict: "holds", examined: 5 });
  expect(judged([5, "r1", "running", "success", 2, "", "queue-2"]).verdict).toBe("holds");
  expect(judged([5, "r1", "running", "cancelled", 2, "", "api-1"]).verdict).toBe("holds");
  expect(judged([5, "r1", "running", "error", 2, "", "queue-3"]).verdict).toBe("holds");
  expect(judged([5, "r1", "running", "running", 2, "queue-2", "queue-2"]).verdict).toBe("holds");
  expect(judged([5, "r1", "running", "running", 2, "queue-2", "queue-9"]).verdict).toBe("holds");
  expect(judged([5, "r1", "running", "success", 2, "", ""])).toMatchObject({ verdict: "holds", numbers: { unattributedWrites: 1 } });
});

test.each([
  ["completed by queue-1 (attempt 1) while queue-2 was running attempt 2", [5, "r1", "running", "success", 2, "queue-2", "queue-1"]],
  ["failed by queue-1 (attempt 1) while queue-2", [5, "r1", "running", "error", 2, "queue-2", "queue-1"]],
  ["with attempt 1 by queue-1 after attempt 2", [5, "r1", "running", "success", 1, "queue-1", "queue-1"]],
  ["but attempt 2 was claimed last", [5, "r1", "running", "success", 3, "queue-2", "queue-2"]],
  ["was taken by queue-3 (attempt 3) while queue-2", [5, "r1", "running", "running", 3, "queue-3", "queue-3"]],
  ["was taken by queue-3 (attempt 2) while queue-2", [5, "r1", "running", "running", 2, "queue-3", "queue-3"]],
  [
    "a step of run r1 was written by queue-1 (attempt 1) while queue-2 was running attempt 2",
    [5, "r1", "running", "running", 2, "queue-2", "queue-1"],
  ],
  ["from the state pending", [5, "r1", "pending", "success", 2, "queue-2", "queue-2"]],
  ["which queue-2 had claimed before", [5, "r1", "pending", "running", 2, "queue-3", "queue-3"]],
  ["was changed from success to pending", [5, "r1", "success", "pending", 2, "", "queue-1"]],
] as const)("violates: %s", (text, transition) => {
  expect(judged(transition)).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(transition).summary).toContain(text);
});

test("no trail is inconclusive", () => {
  expect(noZombieWrite(evidence()).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(noZombieWrite));

test("a completion by another is always found", () =>
  alwaysFinds(noZombieWrite, ({ transitions }, random) => {
    const end = some(random, transitions, ({ to }) => to === "success");
    return end && { transitions: transitions.map((one) => (one === end ? { ...one, by: "queue-9" } : one)) };
  }));

test("a claim without its give-back is always found", () =>
  alwaysFinds(noZombieWrite, ({ transitions }, random) => {
    const back = some(random, transitions, ({ from, to }) => from === "running" && to === "pending");
    if (!back) return undefined;
    const claim = transitions.find((one) => one.subject === back.subject && one.seq > back.seq && one.to === "running");
    return claim && { transitions: transitions.filter((one) => one !== back).map((one) => (one === claim ? { ...one, from: "running" } : one)) };
  }));
