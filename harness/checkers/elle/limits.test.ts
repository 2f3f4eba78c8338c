/** The limits of time and memory, which the judges of transactions have in common. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import closedPredicate from "../models/closed-predicate.ts";
import listAppend from "../models/list-append.ts";
import rwRegister from "../models/rw-register.ts";
import { historyOf, options } from "./fixtures.ts";

const committed = (transactions: readonly Json[]) => historyOf(transactions.map((value, process) => ({ type: "ok", process, value })));
const histories: readonly (readonly [string, Model, (key: string) => readonly Json[]])[] = [
  ["list-append", listAppend, (key) => [[["append", key, 1]], [["r", key, [1]]]]],
  ["rw-register", rwRegister, (key) => [[["w", key, 1]], [["r", key, 1]]]],
  ["closed-predicate", closedPredicate, (key) => [[["insert", key, 1]], [["r", key, 1]]]],
];

/** A clock that is a millisecond later at each look. */
function ticking(): () => number {
  let now = 0;
  return () => now++;
}

describe.each(histories)("%s", (_, model, about) => {
  const history = committed(["x", "y", "z"].flatMap(about));

  test("what takes more memory than is allowed is not begun", () => {
    const answer = model.check(history, { ...options, memoryLimitBytes: 2048 });
    expect(answer).toMatchObject({ valid: "unknown", operations: 6, anomalies: [] });
    expect(answer.notes).toEqual([
      expect.stringMatching(/^To judge 6 transactions takes about \d+ bytes, more than the memory limit of 2048 bytes\.$/),
    ]);
    expect(model.check(history, { ...options, memoryLimitBytes: 2 ** 20 }).valid).toBe(true);
  });

  test.each([0, 1, 2, 3])("what was not examined within %i ms is not called valid", (timeLimitMs) => {
    const answer = model.check(history, { ...options, timeLimitMs, now: ticking() });
    expect(answer.valid).toBe("unknown");
    expect(answer.notes).toEqual(["The time ran out while the dependencies were gathered, so only a part of them was examined."]);
    expect(model.check(history, { ...options, timeLimitMs: 1000, now: ticking() }).valid).toBe(true);
  });
});

test("each predicate read of each object counts", () => {
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
  const history = committed([...keys.map((key): Json => [["insert", key, 1]]), ...keys.map((): Json => [["rp", ["=", 2], {}]])]);
  const small = { ...options, memoryLimitBytes: 150_000 };
  expect(closedPredicate.check(history, small)).toMatchObject({ valid: "unknown", notes: [expect.stringContaining("memory limit")] });
  expect(closedPredicate.check(history.slice(0, 75), small).notes).not.toEqual([expect.stringContaining("memory limit")]);
});

test("what was found before the time ran out stays found", () => {
  const history = committed([
    [
      ["append", "x", 1],
      ["r", "x", []],
    ],
    [["append", "y", 1]],
    [["r", "y", [1]]],
  ]);
  const answer = listAppend.check(history, { ...options, timeLimitMs: 0, now: ticking() });
  expect(answer).toMatchObject({ valid: false, anomalies: [{ type: "internal" }] });
});
