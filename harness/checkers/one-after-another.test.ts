import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { type Change, created, evidence, trail } from "./fixtures.ts";
import { oneAfterAnother } from "./one-after-another.ts";
import { neverAccuses } from "./property.ts";

const run = (name: string, invokedAt: number, thread = "t1"): Operation =>
  created(name, invokedAt, { key: `key-${name}`, thread, rule: "enqueue", steps: 1 });
const waits = (name: string, at: number): Change => [at, name, null, "pending", 0, "", "api-1"];
const begins = (name: string, at: number): Change => [at, name, "pending", "running", 1, "queue-1", "queue-1"];
const ends = (name: string, at: number, to = "success", from = "running"): Change => [at, name, from, to, 1, "", "queue-1"];
const judge = (operations: Operation[], ...all: Change[]) => oneAfterAnother(evidence({ operations, transitions: trail(...all) }));
const [a, b] = [run("a", 1000), run("b", 1020)];
const first = [waits("a", 1005), begins("a", 1010), waits("b", 1025)];

test("the next one begins when the one before has ended, in the same moment by the clock", () =>
  expect(judge([a, b], ...first, ends("a", 1500), begins("b", 1500), ends("b", 1600))).toMatchObject({ verdict: "holds", examined: 1 }));

test("two at once violate, whoever came first", () => {
  expect(judge([a, b], ...first, begins("b", 1100), ends("a", 1500), ends("b", 1600)).summary).toContain(
    "run b of thread t1 was begun at 1.100 s (transition 3), while run a had been begun and was unfinished",
  );
  const atOnce = [run("a", 1000), run("b", 1001)];
  expect(judge(atOnce, waits("a", 1005), waits("b", 1006), begins("b", 1010), begins("a", 1011), ends("a", 1500), ends("b", 1600)).verdict).toBe(
    "violated",
  );
});

test("who was put back in line is in the way of the others still", () => {
  const back = [...first, ends("a", 1100, "pending"), begins("b", 1200), ends("b", 1300), begins("a", 1400), ends("a", 1500)];
  expect(judge([a, b], ...back).summary).toContain("while run a had been begun and was unfinished");
});

test("out of turn violates, though none is worked on beside another", () =>
  expect(judge([a, b], waits("a", 1005), waits("b", 1025), begins("b", 1100), ends("b", 1200), begins("a", 1300), ends("a", 1400)).summary).toContain(
    "while run a was before it in line and not over",
  ));

test("of those that were asked for at once either may be first", () => {
  const atOnce = [run("a", 1000), run("b", 1005)];
  const all = [waits("a", 1005), waits("b", 1006), begins("b", 1010), ends("b", 1200), begins("a", 1300), ends("a", 1400)];
  expect(judge(atOnce, ...all).verdict).toBe("holds");
});

test("who is cancelled in line is over, and other threads are none of its business", () => {
  expect(
    judge([a, b, run("c", 1030)], ...first, waits("c", 1035), ends("a", 1500), ends("b", 1501, "cancelled", "pending"), begins("c", 1502)).verdict,
  ).toBe("holds");
  expect(judge([a, run("b", 1020, "t2")], ...first, begins("b", 1100), ends("b", 1200), ends("a", 1500)).verdict).toBe("inconclusive");
});

test("without anybody who waited, and without a trail, nothing was tried", () => {
  expect(judge([a, run("b", 1600)], ...first.slice(0, 2), ends("a", 1500), waits("b", 1605), begins("b", 1610)).verdict).toBe("inconclusive");
  expect(judge([a, { ...b, outcome: "info", output: null }], ...first, begins("b", 1100)).verdict).toBe("inconclusive");
  expect(judge([a, b]).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(oneAfterAnother));
